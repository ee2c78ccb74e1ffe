/** Sets a new password: when a reset or a change of password is confirmed, after get_user. */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setPassword() {
    if (!newPassword) throw new Error('The new password is empty');
    const user = await findUser(identifier);
    if (!user) return false;
    const change = { password: newPassword, connection: TENANT_CONNECTION }; // hashed there
    await manage('PATCH', `users/${encodeURIComponent(user.user_id)}`, change);
    return true;
  }

<% include '_find.js' %>

<% include '_ours.js' %>

<% include '_tenant.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setPassword();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
