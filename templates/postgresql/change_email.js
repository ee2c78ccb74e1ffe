/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    // The inner SELECT fails when two users share the old address, and then neither is changed.
    const { rowCount } = await query(`
<% if verified_column %>
      UPDATE <%= table | identifier %> SET <%= email_column | identifier %> = $2, <%= verified_column | identifier %> = $3
<% else %>
      UPDATE <%= table | identifier %> SET <%= email_column | identifier %> = $2
<% endif %>
      WHERE <%= id_column | identifier %> = (
        SELECT <%= id_column | identifier %> FROM <%= table | identifier %>
        WHERE <% include '_email.sql' %>
<% set parameter = 4 if verified_column else 3 %>
<% if organization_context %>
        AND <% include '_organization.sql' %>
<% endif %>
      )
    `, [email, newEmail<% if verified_column %>, verified === true<% endif %><% if organization_context %>, context.organization?.id ?? ''<% endif %>]);
    return rowCount === 1;
  }

<% include '_database.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    const taken = failure.code === '23505'; // a unique index already has it
    error = taken ? new Error('The new e-mail address is already in use') : failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
