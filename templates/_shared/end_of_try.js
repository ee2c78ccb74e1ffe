  }
<% if not pool %>
  await disconnect().catch(() => {}); // the answer is known by now
<% endif %>
  // Outside the try: an error thrown by the callback must not lead to a second call.
