/** Checks a password: at every login, and as the last step of a sign-up. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the directory refuses the credentials.
  async function authenticate() {
    // A directory takes an empty password for an anonymous login and lets it in.
    if (!identifier || !password) return null;
    const entry = await findUser(identifier);
    // Nobody is asked for as well: an early answer would tell who has an entry.
    const right = await binds(entry ? entry.dn : `cn=nobody,${configuration.LDAP_BASE_DN}`);
    return entry && right ? toProfile(entry) : null;
  }

  // Resolves with whether the directory lets somebody in with the password.
  async function binds(dn) {
    const invalidCredentials = 49;
    try {
      await ask((ldap) => ldap.bind(dn, password));
      return true;
    } catch (failure) {
      if (failure.code === invalidCredentials) return false;
      throw failure;
    }
  }

<% include '_find_user.js' %>

<% include '_profile.js' %>

<% include '_directory.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await authenticate();
    // One text for "no such user" and "wrong password": it must not tell which addresses have an account.
    if (!profile) error = new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password');
  } catch (failure) {
    error = failure; // an outage is no wrong password: nobody must get locked out by it
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, profile);
}
