/**
 * Marks an e-mail address as verified: when the link of a verification e-mail is followed.
 * @type {VerifyScript<% if organization_context %>WithContext<% endif %>}
 */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Write your code here. Resolve with true when a user with this address was marked, with false when
  // there is none; throw when the store cannot tell.
  /** @returns {Promise<boolean>} */
  async function markVerified() {
    throw new Error('verify is not implemented here yet: mark the address as verified in your user store');
  }

  let changed = false;
  let error = null;
  try {
    changed = (await markVerified()) === true;
  } catch (failure) {
    error = failure; // its text ends up in a redirect address: name no person in it
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
