/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
<% include '_update.js' %>

<% include '_find_user.js' %>

<% include '_database.js' %>

  let verified = false;
  let error = null;
  try {
    verified = await update(email, { <%= verified_column | identifier %>: true });
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, verified);
}
