/** Checks a password: at every login, and as the last step of a sign-up. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the credentials are wrong.
  async function authenticate() {
    if (!identifier || !password) return null;
    // Nobody is checked as well: an early answer would tell which addresses have an account.
    const user = (await findUser(identifier)) || {};
    const fits = await passwordFits(user<%= password_column | property %><% if salt_column %>, user<%= salt_column | property %><% endif %>);
    if (!fits) return null;
<% if rehash_on_login %>
    if (isOld(user<%= password_column | property %>)) await renewHash(user);
<% endif %>
    return toProfile(user);
  }

<% set whole = true %>
<% set with_password = true %>
<% set by_username = username %>
<% include '_find_user.js' %>

<% set verified_value = true %>
<% include '_shared/row_profile.js' %>

<% include '_shared/password_check.js' %>
<% if salt_column %>

<% include '_shared/password_hash.js' %>
<% endif %>
<% if rehash_on_login %>

  // Only while the old hash is there: a password that was just changed must not come back.
  async function renewHash(user) {
    await query(`
      UPDATE <%= table | identifier %> SET <%= password_column | identifier %> = @renewed
      WHERE <%= id_column | identifier %> = @id AND <%= password_column | identifier %> = @old
    `, {
      renewed: await hashPassword(password),
      id: user<%= id_column | property %>,
      old: user<%= password_column | property %>,
    }).catch(() => {}); // the password was right, and the next login tries again
  }
<% endif %>

<% include '_shared/mssql_database.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await authenticate();
    // One text for both: it must not tell which addresses have an account.
    if (!profile) error = new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password');
  } catch (failure) {
    error = failure; // an outage is no wrong password: nobody must get locked out by it
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, profile);
}
