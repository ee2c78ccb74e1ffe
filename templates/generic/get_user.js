/**
 * Looks a user up without a password: before a sign-up, an e-mail change and a password reset.
 * @type {GetUserScript<% if organization_context %>WithContext<% endif %>}
 */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
<% include '_profile.js' %>

  // Write your code here. Resolve with the user's record, or with null when there is no such user; throw when
  // the store cannot tell: answering "no such user" then would let a sign-up create the user again.
  /** @returns {Promise<object | null>} */
  async function find() {
    throw new Error('get_user is not implemented here yet: look the user up in your user store');
  }

  let profile = null;
  let error = null;
  try {
    const record = await find();
    if (record) profile = toProfile(record);
  } catch (failure) {
    error = failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
