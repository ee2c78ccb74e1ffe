/** Looks a user up without a password: before a sign-up, an e-mail change and a password reset. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
<% include '_find_user.js' %>

<% include '_profile.js' %>

<% include '_directory.js' %>

  let profile = null;
  let error = null;
  try {
    const entry = identifier ? await findUser(identifier) : null;
    if (entry) profile = toProfile(entry);
  } catch (failure) {
    error = failure; // never "no such user" when the directory could not tell
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
