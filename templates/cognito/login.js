/** Checks a password with Cognito, until Auth0 has the user itself: it imports whoever gets in here. */
async function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Cognito refuses the credentials.
  async function authenticate() {
    if (!identifier || !password) return null;
<% if client_has_secret %>
    const hmac = require('crypto').createHmac('sha256', configuration.COGNITO_CLIENT_SECRET);
    const SECRET_HASH = hmac.update(identifier + configuration.COGNITO_CLIENT_ID).digest('base64');
<% endif %>
    const { ok, status, json, failed } = await call('InitiateAuth', JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: configuration.COGNITO_CLIENT_ID,
      AuthParameters: { USERNAME: identifier, PASSWORD: password<% if client_has_secret %>, SECRET_HASH<% endif %> },
    }));
    // The same error stands for a wrong password and for a client secret of ours that is not right.
    const blamesUs = /client|secret/i.test(json?.message);
    if (failed === 'UserNotFoundException' || (failed === 'NotAuthorizedException' && !blamesUs)) return null;
    const step = failed || json?.ChallengeName;
    if (step === 'PasswordResetRequiredException' || step === 'NEW_PASSWORD_REQUIRED') {
      throw new UnauthorizedError('Please set a new password');
    }
    if (step === 'UserNotConfirmedException' || json?.ChallengeName) {
      throw new UnauthorizedError('This account needs another step to log in');
    }
    const AccessToken = json?.AuthenticationResult?.AccessToken;
    if (!ok || !AccessToken) throw new Error(`Cognito answered ${status} ${failed} to InitiateAuth`);
    // The user's own token asks for the user's own attributes: login needs no access key.
    const user = await call('GetUser', JSON.stringify({ AccessToken }));
    if (!user.json?.UserAttributes) throw new Error(`Cognito answered ${user.status} ${user.failed} to GetUser`);
    return toProfile(user.json.Username, user.json.UserAttributes);
  }

<% include '_profile.js' %>

<% include '_cognito.js' %>

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
