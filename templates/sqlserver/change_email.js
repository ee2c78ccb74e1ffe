/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    const user = await findUser(email);
    if (!user) return false;
    const { rowsAffected } = await query(`
      UPDATE <%= table | identifier %> SET <%= email_column | identifier %> = @newEmail<% if verified_column %>, <%= verified_column | identifier %> = @verified<% endif +%>
      WHERE <%= id_column | identifier %> = @id
    `, { newEmail, <% if verified_column %>verified: verified === true, <% endif %>id: user<%= id_column | property %> });
    return rowsAffected[0] === 1;
  }

<% set whole = false %>
<% set with_password = false %>
<% set by_username = false %>
<% include '_find_user.js' %>

<% include '_shared/mssql_database.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    const taken = [2601, 2627].includes(failure.code); // a unique index already has it
    error = taken ? new Error('The new e-mail address is already in use') : failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
