/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether a user had this address.
  async function markVerified() {
    const user = await findUser(email);
    if (!user) return false;
    const change = { email_verified: true, connection: TENANT_CONNECTION };
    await manage('PATCH', `users/${encodeURIComponent(user.user_id)}`, change);
    return true;
  }

<% include '_find.js' %>

<% include '_ours.js' %>

<% include '_tenant.js' %>

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
