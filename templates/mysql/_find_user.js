<%# Needs whole: for a profile, with_password, and by_username: whether a user name is asked for as well. %>
  // Resolves with the user's row, or with undefined.
  async function findUser(wanted) {
    const rows = await query(
      'SELECT <%= id_column | identifier %>, <%= email_column | identifier %><% if username and (whole or by_username) %>, <%= username_column | identifier %><% endif %><% if whole and verified_column %>, <%= verified_column | identifier %><% endif %><% if with_password %>, <%= password_column | identifier %><% endif %><% if with_password and salt_column %>, <%= salt_column | identifier %><% endif %>'
<% if whole %>
<% for column in profile_fields.columns %>
        + ', <%= column | identifier %>'
<% endfor %>
<% endif %>
        + ' FROM <%= table | identifier %> WHERE <% if by_username %>(<%= email_column | identifier %> = ? OR <%= username_column | identifier %> = ?)<% else %><%= email_column | identifier %> = ?<% endif %><% if organization_context %>'
        + ' AND ? IN (<%= organization_column | identifier %>, \'\')<% endif %> LIMIT 10',
      [wanted<% if by_username %>, wanted<% endif %><% if organization_context %>, context.organization?.id ?? ''<% endif %>],
    );
    // MySQL takes é for e and forgets spaces at the end; here nothing but A stands for a.
    const fold = (text) => String(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
<% if by_username %>
    const found = rows.filter((row) => [row<%= email_column | property %>, row<%= username_column | property %>].map(fold).includes(fold(wanted)));
<% else %>
    const found = rows.filter((row) => fold(row<%= email_column | property %>) === fold(wanted));
<% endif %>
    if (found.length > 1) throw new Error('More than one user has this identifier');
    return found[0];
  }
