/** Sets a new password: when a reset or a change of password is confirmed, after get_user. */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setPassword() {
    if (!newPassword) throw new Error('The new password is empty');
    const user = await findUser(identifier);
    if (!user) return false;
    const { rowsAffected } = await query(`
      UPDATE <%= table | identifier %> SET <%= password_column | identifier %> = @hash
      WHERE <%= id_column | identifier %> = @id
    `, { hash: await hashPassword(newPassword), id: user<%= id_column | property %> });
    return rowsAffected[0] === 1;
  }

<% set whole = false %>
<% set with_password = false %>
<% set by_username = username %>
<% include '_find_user.js' %>

<% include '_shared/password_hash.js' %>

<% include '_shared/mssql_database.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setPassword();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
