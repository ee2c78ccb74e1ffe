/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether a user had this address.
  async function markVerified() {
    const updated = await ask('/users/verify-email', {
      email,
<% if organization_context %>
      organization: context.organization?.id,
<% endif %>
    }, 'updated');
    return updated === true;
  }

<% include '_user_api.js' %>

  let verified = false;
  let error = null;
  try {
    verified = await markVerified();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, verified);
}
