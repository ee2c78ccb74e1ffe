/** Looks a user up in Firebase without a password: at a sign-up, and when someone unknown asks for a new password. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Firebase has no such user.
  async function find() {
    if (!identifier) return null;
    const { SERVICE_ACCOUNT: iss, SERVICE_ACCOUNT_KEY: pem, TOKEN_URL: aud } = configuration;
    const token = await accessToken(iss, () => send(aud, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signedToken({}, { iss, aud, scope: 'https://www.googleapis.com/auth/identitytoolkit' }, pem),
      }),
    }));
    const path = `projects/${configuration.FIREBASE_PROJECT_ID}/accounts:lookup`;
    const answer = await call(path, { authorization: `Bearer ${token}` }, { email: [identifier] });
    if (answer.status === 401) delete global.accessTokens[iss]; // revoked: the next run fetches a new one
    if (answer.failed === 'INVALID_EMAIL') return null;
    // An answer without `users` means nobody; `kind` tells it from an answer of somebody else.
    if (!answer.json?.kind) throw new Error(`Firebase's lookup answered ${answer.status} ${answer.failed}`);
    // Users of a social or enterprise login have no password to bring along.
    const users = (answer.json.users || []).filter((user) => hasPassword(user));
    if (users.length > 1) throw new Error('Firebase has several users with this identifier');
    if (!users.length) return null;
    const [user] = users;
    // Neither imported by way of a new password, nor free to sign up as if Firebase did not know them.
    if (user.disabled) throw new Error('The user is disabled in Firebase');
    return toProfile(user);
  }

  function hasPassword(user) {
    return user.providerUserInfo?.some((provider) => provider.providerId === 'password');
  }

<% include '_profile.js' %>

<% include '_firebase.js' %>

<% include '_shared/access_token.js' %>

<% include '_shared/signed_token.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when Firebase could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
