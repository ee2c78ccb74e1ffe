/** Looks a user up in Cognito without a password: at a sign-up, and when someone unknown asks for a new password. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Cognito has no such user.
  async function find() {
    if (!identifier) return null;
    // Quoted as Cognito's filters want it: no text can leave its quotes.
    const quoted = `"${identifier.replace(/["\\]/g, '\\$&')}"`;
<% if username %>
    const Filter = `${identifier.includes('@') ? 'email' : 'username'} = ${quoted}`;
<% else %>
    const Filter = `email = ${quoted}`;
<% endif %>
    if (Filter.length > 256) return null; // Cognito takes no longer one, and has nobody with such a name
    const body = JSON.stringify({ UserPoolId: configuration.COGNITO_USER_POOL_ID, Filter, Limit: 10 });
    const { ok, status, failed, json } = await call('ListUsers', body, signatureOf('ListUsers', body));
    if (!ok || !json?.Users) throw new Error(`Cognito answered ${status} ${failed} to ListUsers`);
    // Users of a social or enterprise login have no password to bring along.
    const users = json.Users.filter((user) => user.UserStatus !== 'EXTERNAL_PROVIDER');
    // An e-mail address need not be unique in Cognito. Nobody may get somebody else's account.
    if (users.length > 1) throw new Error('Cognito has several users with this identifier');
    if (!users.length) return null;
    const [user] = users;
    // Neither imported by way of a new password, nor free to sign up as if Cognito did not know them.
    if (!user.Enabled) throw new Error('The user is disabled in Cognito');
    return toProfile(user.Username, user.Attributes);
  }

<% include '_profile.js' %>

<% include '_signature.js' %>

<% include '_cognito.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when Cognito could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
