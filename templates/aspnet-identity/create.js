/** Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API. */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether the address was free.
  async function add() {
    if (!user.password) throw new Error('A new user needs a password');
    const hash = await hashPassword(user.password);
    const name = <% if username %>user.username || user.email<% else %>user.email<% endif %>;
    // Identity's own index on addresses lets two users share one.
    const { rowsAffected } = await query(`
      INSERT INTO <%= table | identifier %> (
        [Id], [UserName], [Email], [EmailConfirmed], [PasswordHash], [SecurityStamp], [PhoneNumberConfirmed],
        [TwoFactorEnabled], [LockoutEnabled], [AccessFailedCount]
<% if identity == 'core' %>
        , [NormalizedUserName], [NormalizedEmail], [ConcurrencyStamp]
<% endif %>
<% if organization_context %>
        , <%= organization_column | identifier %>
<% endif %>
      )
      SELECT @id, @name, @email, 0, @hash, NEWID(), 0, 0, 1, 0
<% if identity == 'core' %>
        , @normalizedName, @normalizedEmail, NEWID()
<% endif %>
<% if organization_context %>
        , @organization
<% endif %>
<% if identity == 'core' %>
      WHERE NOT EXISTS (SELECT 1 FROM <%= table | identifier %> WHERE [NormalizedEmail] = @normalizedEmail)
<% else %>
      WHERE NOT EXISTS (SELECT 1 FROM <%= table | identifier %> WHERE [Email] = @email)
<% endif %>
    `, {
      id: require('crypto').randomUUID(),
      name,
      email: user.email,
      hash,
<% if identity == 'core' %>
      normalizedName: name.normalize().toUpperCase(), // as Identity compares them
      normalizedEmail: user.email.normalize().toUpperCase(),
<% endif %>
<% if organization_context %>
      organization: context.organization?.id ?? null,
<% endif %>
    });
    return rowsAffected[0] === 1;
  }

<% include '_password_hash.js' %>

<% include '_shared/mssql_database.js' %>

  let error = null;
  try {
    const isNew = await add();
    if (!isNew) error = new ValidationError('user_exists', 'The user already exists');
  } catch (failure) {
    const exists = [2601, 2627].includes(failure.code); // a unique index already has it
    error = exists ? new ValidationError('user_exists', 'The user already exists') : failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null);
}
