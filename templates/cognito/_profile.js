  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(username, attributes) {
    const value = Object.fromEntries(attributes.map((one) => [one.Name, one.Value]));
    if (!value.sub || !value.email) throw new Error('Cognito sent a user without a sub or an e-mail address');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + value.sub, // permanent; a user name can be given away again
<% else %>
      user_id: value.sub, // permanent; a user name can be given away again
<% endif %>
      email: value.email,
      email_verified: value.email_verified === 'true', // Cognito's attributes are all texts
<% if username %>
      username,
<% endif %>
      // undefined leaves a field out; Auth0 refuses empty names.
      name: value.name || undefined,
      given_name: value.given_name || undefined,
      family_name: value.family_name || undefined,
    };
  }
