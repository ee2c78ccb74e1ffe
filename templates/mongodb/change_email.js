/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
<% include '_update.js' %>

<% include '_find_user.js' %>

<% include '_database.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await update(email, {
      <%= email_column | identifier %>: lowerCase(newEmail),
<% if verified_column %>
      <%= verified_column | identifier %>: verified === true,
<% endif %>
    });
  } catch (failure) {
    const taken = failure.code === 11000; // a unique index already has it
    error = taken ? new Error('The new e-mail address is already in use') : failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
