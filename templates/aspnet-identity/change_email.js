/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    const user = await findUser(email);
    if (!user) return false;
    const { rowsAffected } = await query(`
      UPDATE <%= table | identifier %> SET [Email] = @newEmail, [EmailConfirmed] = @verified, [SecurityStamp] = NEWID(),
        [UserName] = CASE WHEN [UserName] = [Email] THEN @newEmail ELSE [UserName] END<% if identity == 'core' %>,
        [NormalizedUserName] = CASE WHEN [UserName] = [Email] THEN @normalized ELSE [NormalizedUserName] END,
        [NormalizedEmail] = @normalized, [ConcurrencyStamp] = NEWID()<% endif +%>
<% if identity == 'core' %>
      WHERE [Id] = @id AND NOT EXISTS (
        SELECT 1 FROM <%= table | identifier %> WHERE [NormalizedEmail] = @normalized AND [Id] <> @id
      )
<% else %>
      WHERE [Id] = @id AND NOT EXISTS (SELECT 1 FROM <%= table | identifier %> WHERE [Email] = @newEmail AND [Id] <> @id)
<% endif %>
    `, {
      id: user.Id,
      newEmail,
      verified: verified === true,
<% if identity == 'core' %>
      normalized: newEmail.normalize().toUpperCase(), // as Identity compares them
<% endif %>
    });
    if (rowsAffected[0] !== 1) throw new Error('The new e-mail address is already in use');
    return true;
  }

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
