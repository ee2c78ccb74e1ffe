/** Looks a user up in the other tenant without a password: before a sign-up, an e-mail change and a password reset. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when there is no such user.
  async function find() {
    const user = await findUser(identifier);
    // Neither let in by way of a new password, nor free to sign up as if nobody knew them.
    if (user?.blocked) throw new Error('The user is blocked in the other tenant');
    return user && toProfile(user);
  }

<% include '_profile.js' %>

<% include '_find.js' %>

<% include '_ours.js' %>

<% include '_tenant.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when the other tenant could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
