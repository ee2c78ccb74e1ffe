/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether a user has this address.
  async function markVerified() {
    const user = await findUser(email);
    if (!user) return false;
    const { rowsAffected } = await query(`
      UPDATE <%= table | identifier %> SET [EmailConfirmed] = 1<% if identity == 'core' %>, [ConcurrencyStamp] = NEWID()<% endif +%>
      WHERE [Id] = @id
    `, { id: user.Id });
    return rowsAffected[0] === 1;
  }

<% set with_password = false %>
<% set by_username = false %>
<% include '_find_user.js' %>

<% include '_shared/mssql_database.js' %>

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
