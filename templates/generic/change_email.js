/**
 * Changes an e-mail address, or only whether it is verified; after get_user.
 * @type {ChangeEmailScript<% if organization_context %>WithContext<% endif %>}
 */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Write your code here. Resolve with true when the address was changed, with false when there is no
  // such user; throw when the new address is taken or the store cannot tell.
  /** @returns {Promise<boolean>} */
  async function setEmail() {
    throw new Error('change_email is not implemented here yet: change the address in your user store');
  }

  let changed = false;
  let error = null;
  try {
    changed = (await setEmail()) === true;
  } catch (failure) {
    error = failure; // its text reaches the tenant's logs: name no person in it
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
