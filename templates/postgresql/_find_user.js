  // Resolves with the user's row, or with undefined. Collation "C" takes A for a, and no other letter for another one.
  async function findUser() {
    if (identifier.includes('\0')) return undefined; // PostgreSQL has no such text, and would fail
    const { rows } = await query(`
      SELECT <%= id_column | identifier %>, <%= email_column | identifier %><% if verified_column %>, <%= verified_column | identifier %><% endif %><% if username %>, <%= username_column | identifier %><% endif %><% if with_password %>, <%= password_column | identifier %><% endif %><% if with_password and salt_column %>, <%= salt_column | identifier %><% endif %><% for column in profile_fields.columns %>,
        <%= column | identifier %><% endfor +%>
      FROM <%= table | identifier %>
      WHERE <% include '_identifier.sql' %>
<% set parameter = 2 %>
<% if organization_context %>
      AND <% include '_organization.sql' %>
<% endif %>
      LIMIT 2
    `, [identifier<% if organization_context %>, context.organization?.id ?? ''<% endif %>]);
    if (rows.length > 1) throw new Error('More than one user has this identifier');
    return rows[0];
  }
