/** Looks a user up without a password: before a sign-up, an e-mail change and a password reset. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
<% include '_find_user.js' %>

<% include '_profile.js' %>

<% include '_database.js' %>

  let profile = null;
  let error = null;
  try {
    const user = identifier ? await findUser(identifier) : null;
    if (user) profile = toProfile(user);
  } catch (failure) {
    error = failure; // never "no such user" when the database could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
