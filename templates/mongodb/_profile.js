  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(row) {
    const id = row<%= id_column | property %>;
    if (id === undefined || id === null) throw new Error('The user has no id');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + String(id), // permanent: a changed user_id is a new user
<% else %>
      user_id: String(id), // permanent: a changed user_id is a new user
<% endif %>
      // undefined leaves a field out; Auth0 takes no null.
      email: row<%= email_column | property %> ?? undefined,
<% if verified_column %>
      email_verified: row<%= verified_column | property %> === true,
<% endif %>
<% if username %>
      username: row<%= username_column | property %> ?? undefined,
<% endif %>
<% include '_shared/profile_fields.js' %>
    };
  }
