/** Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API. */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  async function add() {
    if (!user.password) throw new Error('A new user needs a password');
    // Field by field: `user` also holds tenant, client and metadata, which Auth0 keeps itself.
    await manage('POST', 'users', {
      connection: TENANT_CONNECTION,
      email: user.email,
<% if username %>
      username: user.username,
<% endif %>
      password: user.password, // hashed there
      verify_email: false, // this tenant sends the e-mail
    });
  }

<% include '_tenant.js' %>

  let error = null;
  try {
    await add();
  } catch (failure) {
    error = failure.status === 409 ? new ValidationError('user_exists', 'The user already exists') : failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null);
}
