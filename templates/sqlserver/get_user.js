/** Looks a user up without a password: before a sign-up, an e-mail change and a password reset. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when there is no such user.
  async function find() {
    if (!identifier) return null;
    const user = await findUser(identifier);
    return user ? toProfile(user) : null;
  }

<% set whole = true %>
<% set with_password = false %>
<% set by_username = username %>
<% include '_find_user.js' %>

<% set verified_value = true %>
<% include '_shared/row_profile.js' %>

<% include '_shared/mssql_database.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when the database could not tell
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
