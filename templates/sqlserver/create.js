/** Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API. */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  async function add() {
    if (!user.password) throw new Error('A new user needs a password');
    const hash = await hashPassword(user.password);
    // Column by column: `user` also holds tenant, client and metadata, which Auth0 keeps itself.
    await query(`
      INSERT INTO <%= table | identifier %> (<%= email_column | identifier %>, <%= password_column | identifier %><% if username %>, <%= username_column | identifier %><% endif %><% if organization_context %>, <%= organization_column | identifier %><% endif %><% if new_id == 'uuid' %>, <%= id_column | identifier %><% endif %><% if verified_column %>, <%= verified_column | identifier %><% endif %><% if created_column %>, <%= created_column | identifier %><% endif %>)
      VALUES (@email, @hash<% if username %>, @username<% endif %><% if organization_context %>, @organization<% endif %><% if new_id == 'uuid' %>, NEWID()<% endif %><% if verified_column %>, 0<% endif %><% if created_column %>, SYSUTCDATETIME()<% endif %>)
    `, {
      email: user.email,
      hash,
<% if username %>
      username: user.username ?? null,
<% endif %>
<% if organization_context %>
      organization: context.organization?.id ?? null,
<% endif %>
    });
  }

<% include '_shared/password_hash.js' %>

<% include '_shared/mssql_database.js' %>

  let error = null;
  try {
    await add();
  } catch (failure) {
    const exists = [2601, 2627].includes(failure.code); // a unique index already has it
    error = exists ? new ValidationError('user_exists', 'The user already exists') : failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null);
}
