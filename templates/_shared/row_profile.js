<%# Needs verified_value: what the driver makes of a column that says yes. %>
  // The same in login and get_user: Auth0 must see one and the same user through both.
  function toProfile(row) {
    if (row<%= id_column | property %> === null) throw new Error('The user has no id');
    return {
      // Permanent: a changed user_id is a new user.
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + String(row<%= id_column | property %>),
<% else %>
      user_id: String(row<%= id_column | property %>),
<% endif %>
      // undefined leaves a field out; Auth0 takes no null.
      email: row<%= email_column | property %> ?? undefined,
<% if verified_column %>
      email_verified: row<%= verified_column | property %> === <%= verified_value | js %>,
<% endif %>
<% if username %>
      username: row<%= username_column | property %> ?? undefined,
<% endif %>
<% include '_shared/profile_fields.js' %>
    };
  }
