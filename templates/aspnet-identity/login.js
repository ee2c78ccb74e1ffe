/** Checks a password: at every login, and as the last step of a sign-up. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the credentials are wrong.
  async function authenticate() {
    if (!identifier || !password) return null;
    // Nobody is checked as well: an early answer would tell which addresses have an account.
    const user = (await findUser(identifier)) || {};
    const fits = await passwordFits(user.PasswordHash);
    const isLocked = user.LockoutEnabled && new Date(user.<% if identity == 'core' %>LockoutEnd<% else %>LockoutEndDateUtc<% endif %>) > new Date();
    if (!fits || isLocked) return null;
    return toProfile(user);
  }

<% set with_password = true %>
<% set by_username = username %>
<% include '_find_user.js' %>

<% include '_profile.js' %>

<% include '_password_check.js' %>

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
