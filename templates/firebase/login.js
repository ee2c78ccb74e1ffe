/** Checks a password with Firebase, until Auth0 has the user itself: it imports whoever gets in here. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Firebase refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null;
    const key = { 'x-goog-api-key': configuration.FIREBASE_API_KEY }; // in the address it would end up in logs
    const answer = await call('accounts:signInWithPassword', key, {
      email: identifier,
      password,
      returnSecureToken: true,
    });
    const refusals = ['INVALID_LOGIN_CREDENTIALS', 'EMAIL_NOT_FOUND', 'INVALID_PASSWORD', 'INVALID_EMAIL'];
    if ([...refusals, 'USER_DISABLED'].includes(answer.failed)) return null;
    if (answer.json?.mfaPendingCredential) throw new UnauthorizedError('This account needs another step to log in');
    const idToken = answer.json?.idToken;
    if (!answer.ok || !idToken) throw new Error(`Firebase's sign-in answered ${answer.status} ${answer.failed}`);
    // The user's own token asks for the user's own record: login needs no service account.
    const found = await call('accounts:lookup', key, { idToken });
    const user = found.json?.users?.[0];
    if (!user) throw new Error(`Firebase's lookup answered ${found.status} ${found.failed}`);
    return toProfile(user);
  }

<% include '_profile.js' %>

<% include '_firebase.js' %>

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
