/** Checks a password: at every login, and as the last step of a sign-up. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the API refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null; // some stores take an empty password for an anonymous login
    const user = await ask('/users/authenticate', {
      identifier,
      password,
<% if organization_context %>
      organization: context.organization?.id,
<% endif %>
    }, 'user');
    return user === null ? null : toProfile(user);
  }

<% include '_shared/user_api/_profile.js' %>

<% include '_user_api.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await authenticate();
    // One text for "no such user" and "wrong password": it must not tell which addresses have an account.
    if (!profile) error = new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password');
  } catch (failure) {
    error = failure; // an outage is no wrong password: nobody must get locked out by it
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, profile);
}
