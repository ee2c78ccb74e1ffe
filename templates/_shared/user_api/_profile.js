  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(user) {
    if (!user.id) throw new Error('The user API sent a user without an id');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + String(user.id), // permanent: a changed user_id is a new user
<% else %>
      user_id: String(user.id), // permanent: a changed user_id is a new user
<% endif %>
      email: user.email,
      email_verified: user.email_verified === true,
<% if username %>
      username: user.username,
<% endif %>
      // undefined leaves a field out; Auth0 refuses empty names.
      name: user.name || undefined,
      given_name: user.given_name || undefined,
      family_name: user.family_name || undefined,
    };
  }
