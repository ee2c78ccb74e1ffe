/** Checks a password with the other tenant<% if import_mode %>, until Auth0 has the user here<% endif %>. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the other tenant refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null;
    const { ok, status, json } = await askForToken({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: TENANT_CONNECTION,
      username: identifier,
      password,
      scope: 'openid',
    });
    const reason = String(json?.error_description);
    // The words tell a user's wrong password from a connection of ours that is not there.
    if (json?.error === 'invalid_grant' && !/realm|connection/i.test(reason)) return null;
    if (json?.error === 'unauthorized' && /blocked/.test(reason)) return null;
    if (json?.error === 'password_leaked') throw new UnauthorizedError('Please set a new password');
    if (json?.error === 'mfa_required') throw new UnauthorizedError('This account needs another step to log in');
    if (!ok || !json?.id_token) throw new Error(`The other tenant's login answered ${status} ${json?.error}`);
    // Read, not verified: it comes straight from the tenant, over TLS.
    const { sub } = JSON.parse(Buffer.from(json.id_token.split('.')[1], 'base64url'));
    return toProfile(await manage('GET', `users/${encodeURIComponent(sub)}`));
  }

<% include '_profile.js' %>

<% include '_tenant.js' %>

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
