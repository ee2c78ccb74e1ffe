/** Sets a new password: when a reset or a change of password is confirmed, after get_user. */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setPassword() {
    if (!newPassword) throw new Error('The new password is empty');
    const hash = await hashPassword(newPassword);
    // The inner SELECT fails when two users share the identifier, and then neither is changed.
    const { rowCount } = await query(`
      UPDATE <%= table | identifier %> SET <%= password_column | identifier %> = $2
      WHERE <%= id_column | identifier %> = (
        SELECT <%= id_column | identifier %> FROM <%= table | identifier %>
        WHERE <% include '_identifier.sql' %>
<% set parameter = 3 %>
<% if organization_context %>
        AND <% include '_organization.sql' %>
<% endif %>
      )
    `, [identifier, hash<% if organization_context %>, context.organization?.id ?? ''<% endif %>]);
    return rowCount === 1;
  }

<% include '_shared/password_hash.js' %>

<% include '_database.js' %>

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
