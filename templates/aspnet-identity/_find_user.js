<%# Needs with_password, and by_username: whether a user name is asked for as well. %>
<% set is_core = identity == 'core' %>
  // Resolves with the user's row, or with undefined.
  async function findUser(wanted) {
    const { recordset } = await query(`
      SELECT TOP (10) [Id], [Email], [UserName], [EmailConfirmed]
<% if with_password %>
        , [PasswordHash], [LockoutEnabled], <% if is_core %>[LockoutEnd]<% else %>[LockoutEndDateUtc]<% endif +%>
<% endif %>
<% for column in profile_fields.columns %>
        , <%= column | identifier %>
<% endfor %>
      FROM <%= table | identifier %>
<% if by_username and is_core %>
      WHERE ([NormalizedEmail] = @wanted OR [NormalizedUserName] = @wanted)
<% elif by_username %>
      WHERE ([Email] = @wanted OR [UserName] = @wanted)
<% elif is_core %>
      WHERE [NormalizedEmail] = @wanted
<% else %>
      WHERE [Email] = @wanted
<% endif %>
<% if organization_context %>
      AND @organization IN (<%= organization_column | identifier %>, '')
<% endif %>
    `, { wanted<% if is_core %>: wanted.normalize().toUpperCase()<% endif %><% if organization_context %>, organization: context.organization?.id ?? ''<% endif %> });
    // SQL Server forgets spaces at the end and the width of letters; here nothing but A stands for a.
    const fold = (text) => String(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
<% if by_username %>
    const found = recordset.filter((row) => [row.Email, row.UserName].map(fold).includes(fold(wanted)));
<% else %>
    const found = recordset.filter((row) => fold(row.Email) === fold(wanted));
<% endif %>
    if (found.length > 1) throw new Error('More than one user has this identifier');
    return found[0];
  }
