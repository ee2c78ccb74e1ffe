/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    const user = await findUser(email);
    if (!user) return false;
    const { affectedRows } = await query(
      'UPDATE <%= table | identifier %> SET <%= email_column | identifier %> = ?<% if verified_column %>, <%= verified_column | identifier %> = ?<% endif %> WHERE <%= id_column | identifier %> = ?',
      [newEmail, <% if verified_column %>verified === true ? 1 : 0, <% endif %>user<%= id_column | property %>],
    );
    return affectedRows === 1;
  }

<% set whole = false %>
<% set with_password = false %>
<% set by_username = false %>
<% include '_find_user.js' %>

<% include '_database.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    const taken = failure.code === 'ER_DUP_ENTRY';
    error = taken ? new Error('The new e-mail address is already in use') : failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
