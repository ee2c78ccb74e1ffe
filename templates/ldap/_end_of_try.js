  }
  await client?.unbind().catch(() => {}); // the answer is known by now
  // Outside the try: an error thrown by the callback must not lead to a second call.
