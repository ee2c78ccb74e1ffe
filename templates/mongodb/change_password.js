/** Sets a new password: when a reset or a change of password is confirmed, after get_user. */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  async function setPassword() {
    if (!newPassword) throw new Error('The new password is empty');
    return update(identifier, { <%= password_column | identifier %>: await hashPassword(newPassword) });
  }

<% include '_update.js' %>

<% include '_find_user.js' %>

<% include '_shared/password_hash.js' %>

<% include '_database.js' %>

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
