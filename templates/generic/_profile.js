  // One record of the store → the profile that Auth0 keeps. login and get_user share it to the letter: Auth0
  // must see one and the same user through both. Never return a record as it is: it holds password hashes.
  function toProfile(record) {
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + String(record.id), // a permanent key, never the e-mail address
<% else %>
      user_id: String(record.id), // a permanent key, never the e-mail address
<% endif %>
      email: record.email,
      email_verified: record.email_verified === true,
<% if username %>
      username: record.username,
<% endif %>
      name: record.name || undefined, // undefined leaves a field out; Auth0 refuses empty names
      given_name: record.given_name || undefined,
      family_name: record.family_name || undefined,
    };
  }
