/**
 * Sets a new password: when a reset or a change of password is confirmed, after get_user.
 * @type {ChangePasswordScript<% if organization_context %>WithContext<% endif %>}
 */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  // Write your code here. Hash `newPassword` (it is plain). Resolve with true when the password was
  // changed, with false when there is no such user; throw when the store cannot tell.
  /** @returns {Promise<boolean>} */
  async function setPassword() {
    throw new Error('change_password is not implemented here yet: set the password in your user store');
  }

  let changed = false;
  let error = null;
  try {
    changed = (await setPassword()) === true;
  } catch (failure) {
    error = failure; // its text ends up in a redirect address: name no person in it
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
