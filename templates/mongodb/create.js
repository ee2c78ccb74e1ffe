/** Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API. */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  async function add() {
    if (!user.password) throw new Error('A new user needs a password');
<% if id_type == 'objectid' %>
    const { ObjectId } = require('mongodb@6.12.0');
    const id = new ObjectId();
<% else %>
    const id = require('crypto').randomUUID();
<% endif %>
    // Field by field: `user` also holds tenant, client and metadata, which Auth0 keeps itself.
    const fields = {
      <%= email_column | identifier %>: lowerCase(user.email),
<% if username %>
      ...(user.username && { <%= username_column | identifier %>: lowerCase(user.username) }),
<% endif %>
      <%= password_column | identifier %>: await hashPassword(user.password),
<% if organization_context %>
      ...(context.organization?.id && { <%= organization_column | identifier %>: context.organization.id }),
<% endif %>
<% if verified_column %>
      <%= verified_column | identifier %>: false,
<% endif %>
<% if created_column %>
      <%= created_column | identifier %>: new Date(),
<% endif %>
    };
    // An update that nobody matches: unlike an insert it leads names with dots into their objects.
    await inUsers((users) => users.updateOne({ <%= id_column | identifier %>: id }, { $set: fields }, { upsert: true }));
  }

<% include '_lower_case.js' %>

<% include '_shared/password_hash.js' %>

<% include '_database.js' %>

  let error = null;
  try {
    await add();
  } catch (failure) {
    const exists = failure.code === 11000; // a unique index already has it
    error = exists ? new ValidationError('user_exists', 'The user already exists') : failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null);
}
