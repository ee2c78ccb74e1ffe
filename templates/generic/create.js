/**
 * Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API.
 * @type {CreateScript<% if organization_context %>WithContext<% endif %>}
 */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  // Write your code here. `user` has email<% if username %>, username<% endif %> and password (plain: hash it), and what Auth0 keeps itself:
  // tenant, client_id, connection, user_metadata, app_metadata. Resolve with true when the user was added,
  // with false when there is such a user already; throw when the store cannot tell.
  /** @returns {Promise<boolean>} */
  async function add() {
    throw new Error('create is not implemented here yet: add the user to your user store');
  }

  let error = null;
  try {
    const added = await add();
    if (!added) error = new ValidationError('user_exists', 'The user already exists');
  } catch (failure) {
    error = failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null);
}
