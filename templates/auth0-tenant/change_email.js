/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    const user = await findUser(email);
    if (!user) return false;
    await manage('PATCH', `users/${encodeURIComponent(user.user_id)}`, {
      email: newEmail,
      email_verified: verified === true,
      verify_email: false, // this tenant sends the e-mail
      connection: TENANT_CONNECTION,
    });
    return true;
  }

<% include '_find.js' %>

<% include '_ours.js' %>

<% include '_tenant.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    // 400 as well: that is how the API says that somebody else has the address.
    error = [400, 409].includes(failure.status) ? new Error('The new e-mail address cannot be used') : failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
