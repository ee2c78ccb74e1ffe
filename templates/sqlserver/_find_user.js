<%# Needs whole: for a profile, with_password, and by_username: whether a user name is asked for as well. %>
  // Resolves with the user's row, or with undefined.
  async function findUser(wanted) {
    const { recordset } = await query(`
      SELECT TOP (10) <%= id_column | identifier %>, <%= email_column | identifier %><% if username and (whole or by_username) %>, <%= username_column | identifier %><% endif %><% if whole and verified_column %>, <%= verified_column | identifier %><% endif %><% if with_password %>, <%= password_column | identifier %><% endif %><% if with_password and salt_column %>, <%= salt_column | identifier %><% endif +%>
<% if whole %>
<% for column in profile_fields.columns %>
        , <%= column | identifier %>
<% endfor %>
<% endif %>
      FROM <%= table | identifier %>
      WHERE <% if by_username %>(<%= email_column | identifier %> = @wanted OR <%= username_column | identifier %> = @wanted)<% else %><%= email_column | identifier %> = @wanted<% endif +%>
<% if organization_context %>
      AND @organization IN (<%= organization_column | identifier %>, '')
<% endif %>
    `, { wanted<% if organization_context %>, organization: context.organization?.id ?? ''<% endif %> });
    // SQL Server forgets spaces at the end and the width of letters; here nothing but A stands for a.
    const fold = (text) => String(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
<% if by_username %>
    const found = recordset.filter((row) => [row<%= email_column | property %>, row<%= username_column | property %>].map(fold).includes(fold(wanted)));
<% else %>
    const found = recordset.filter((row) => fold(row<%= email_column | property %>) === fold(wanted));
<% endif %>
    if (found.length > 1) throw new Error('More than one user has this identifier');
    return found[0];
  }
