/** Checks a password with Okta, until Auth0 has the user itself: it imports whoever gets in here. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Okta refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null;
    const { ok, status, json } = await send(`${configuration.OKTA_URL}/api/v1/authn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: identifier, password }),
    });
    if (status === 401 && json?.errorCode === 'E0000004') return null;
    const state = json?.status;
    if (!ok || !state) throw new Error(`Okta's sign-in answered ${status}`);
    if (state === 'LOCKED_OUT') return null; // says nothing about the password
    if (state === 'PASSWORD_EXPIRED') throw new UnauthorizedError('Please set a new password, yours has expired');
<% if second_factor_in_auth0 %>
    // The password was right; Auth0 asks for a second factor now.
    if (!['SUCCESS', 'MFA_REQUIRED', 'MFA_ENROLL'].includes(state)) {
<% else %>
    if (state !== 'SUCCESS') { // for example MFA_REQUIRED
<% endif %>
      throw new UnauthorizedError('This account needs another step to log in');
    }
    const { id } = json._embedded.user; // without the e-mail address
    return toProfile(await readUsers(`/${encodeURIComponent(id)}`));
  }

<% include '_profile.js' %>

<% include '_okta.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await authenticate();
    // One text for "no such user" and "wrong password": it must not tell which addresses have an account.
    if (!profile) error = new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password');
  } catch (failure) {
    error = failure; // an outage is no wrong password
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, profile);
}
