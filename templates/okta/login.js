/** Checks a password with Okta, until Auth0 has the user itself: it imports whoever gets in here. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Okta refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null;
    const answer = await send(`${configuration.OKTA_URL}/api/v1/authn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: identifier, password }),
    });
    if (answer.status === 401 && answer.json?.errorCode === 'E0000004') return null;
    const state = answer.json?.status;
    if (!answer.ok || !state) throw new Error(`Okta's sign-in answered ${answer.status}`);
    if (state === 'LOCKED_OUT') return null; // says nothing about the password
    if (state === 'PASSWORD_EXPIRED') throw new UnauthorizedError('Your password has expired. Please set a new one.');
<% if second_factor_in_auth0 %>
    // The password was right in all three; the second factor is Auth0's business now.
    if (!['SUCCESS', 'MFA_REQUIRED', 'MFA_ENROLL'].includes(state)) {
<% else %>
    if (state !== 'SUCCESS') { // for example MFA_REQUIRED: the password alone is not enough
<% endif %>
      throw new UnauthorizedError('This account needs another step to log in');
    }
    const { id } = answer.json._embedded.user; // the e-mail address is left out here
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
