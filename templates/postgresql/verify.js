/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether a user has this address.
  async function markVerified() {
    // The inner SELECT fails when two users share the address, and then neither is changed.
    const { rowCount } = await query(`
      UPDATE <%= table | identifier %> SET <%= verified_column | identifier %> = true
      WHERE <%= id_column | identifier %> = (
        SELECT <%= id_column | identifier %> FROM <%= table | identifier %>
        WHERE <% include '_email.sql' %>
<% set parameter = 2 %>
<% if organization_context %>
        AND <% include '_organization.sql' %>
<% endif %>
      )
    `, [email<% if organization_context %>, context.organization?.id ?? ''<% endif %>]);
    return rowCount === 1;
  }

<% include '_database.js' %>

  let verified = false;
  let error = null;
  try {
    verified = await markVerified();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, verified);
}
