  // login and get_user share this function to the letter: Auth0 must see one and the same user in both.
  function toProfile(user) {
    const person = user?.profile;
    if (!user?.id || !person?.email) throw new Error('Okta sent an incomplete user');
    const primary = user.credentials?.emails?.find((email) => email.type === 'PRIMARY');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + user.id, // permanent, unlike Okta's login
<% else %>
      user_id: user.id, // permanent, unlike Okta's login
<% endif %>
      email: person.email,
      email_verified: primary?.status === 'VERIFIED', // only when Okta itself says so
<% if username %>
      username: person.login,
<% endif %>
      // undefined leaves a field out; Auth0 refuses empty names.
      name: person.displayName || undefined,
      given_name: person.firstName || undefined,
      family_name: person.lastName || undefined,
    };
  }
