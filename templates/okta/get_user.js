/** Looks a user up in Okta without a password: at a sign-up, and when someone unknown asks for a new password. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when Okta has no such user.
  async function find() {
    if (!identifier) return null;
    // A user of that very name, quoted as Okta's search language wants it: no text can leave its quotes. The search
    // stands in the address, since the API takes it nowhere else; percent-encoded, and over TLS.
    const quoted = JSON.stringify(identifier);
    const search = `profile.login eq ${quoted} or profile.email eq ${quoted}`;
    const users = await readUsers(`?limit=2&search=${encodeURIComponent(search)}`);
    // Okta keeps logins apart, not e-mail addresses. Nobody may get somebody else's account.
    if (!Array.isArray(users) || users.length > 1) throw new Error('Okta did not name one single user');
    if (!users.length) return null;
    const [user] = users;
    // Neither imported by way of a new password, nor free to sign up as if Okta did not know them.
    if (['SUSPENDED', 'DEPROVISIONED'].includes(user.status)) throw new Error('The user is not active in Okta');
    return toProfile(user);
  }

<% include '_profile.js' %>

<% include '_okta.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when Okta could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
