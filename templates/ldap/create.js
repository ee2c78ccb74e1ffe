/** Adds a user: at a sign-up, or when someone adds one in the dashboard or through the API. */
async function create(user<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with false when there is such a person.
  async function add() {
    if (!user.password) throw new Error('A new user needs a password');
    if (await findUser(user.email)) return false;
<% if username %>
    if (user.username && (await findUser(user.username))) return false;
    const name = user.username || require('crypto').randomUUID();
<% else %>
    const name = require('crypto').randomUUID();
<% endif %>
    const { DN } = require('ldapts@7.4.0');
    const dn = `${new DN({ <%= naming_column | key %>: name })},${configuration.LDAP_BASE_DN}`;
    const entry = {
      objectClass: '<%= object_class | identifier %>',
      <%= naming_column | key %>: name,
<% if username and username_column != naming_column %>
      <%= username_column | key %>: name,
<% endif %>
<% if naming_column != 'cn' %>
      cn: user.name || name, // a person must have these two
<% endif %>
      sn: user.family_name || name,
      <%= email_column | key %>: user.email,
<% if verified_column %>
      <%= verified_column | key %>: 'FALSE',
<% endif %>
    };
    await ask((ldap) => ldap.add(dn, entry));
    try {
      await setPassword(dn, user.password);
    } catch (failure) {
      await ask((ldap) => ldap.del(dn)); // an entry without a password would block the next sign-up
      throw failure;
    }
    return true;
  }

<% include '_password.js' %>

<% include '_find_user.js' %>

<% include '_directory.js' %>

  let error = null;
  try {
    const added = await add();
    if (!added) error = new ValidationError('user_exists', 'The user already exists');
  } catch (failure) {
    const entryAlreadyExists = 68;
    const exists = failure.code === entryAlreadyExists;
    error = exists ? new ValidationError('user_exists', 'The user already exists') : failure;
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null);
}
