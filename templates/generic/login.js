/**
 * Checks a password: at every login, and as the last step of a sign-up.
 * @type {LoginScript<% if organization_context %>WithContext<% endif %>}
 */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
<% include '_profile.js' %>

  // Write your code here. Resolve with the user's record, or with null when there is no such user or the
  // password is wrong; throw when the store cannot tell. Read addresses and credentials from `configuration`,
  // and give every call a timeout well under 20 seconds.
  /** @returns {Promise<object | null>} */
  async function findVerified() {
    throw new Error('login is not implemented here yet: check the password against your user store');
  }

  let profile = null;
  let error = null;
  try {
    const record = identifier && password ? await findVerified() : null;
    if (record) profile = toProfile(record);
    else error = new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password');
  } catch (failure) {
    error = failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, profile);
}
