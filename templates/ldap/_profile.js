  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(entry) {
    // An attribute is missing, one text, or a list: the first value counts.
    const row = Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, [value].flat()[0]]));
    if (!row<%= id_column | property %>) throw new Error('The person has no id');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + row<%= id_column | property %>, // permanent: a changed user_id is a new user
<% else %>
      user_id: row<%= id_column | property %>, // permanent: a changed user_id is a new user
<% endif %>
      email: row<%= email_column | property %>,
<% if verified_column %>
      email_verified: row<%= verified_column | property %> === 'TRUE',
<% endif %>
<% if username %>
      username: row<%= username_column | property %>,
<% endif %>
<% include '_shared/profile_fields.js' %>
    };
  }
