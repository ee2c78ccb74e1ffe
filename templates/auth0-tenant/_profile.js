  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(user) {
    // The id of a linked account is that of its first login, which may be Google's: such users need a look first.
    if (!user?.user_id?.startsWith('auth0|')) throw new Error('The user is linked to another kind of login there');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + user.user_id.slice('auth0|'.length), // permanent
<% else %>
      user_id: user.user_id.slice('auth0|'.length), // Auth0 puts it before again: the id stays the same
<% endif %>
      email: user.email,
      email_verified: user.email_verified === true,
<% if username %>
      username: user.username,
<% endif %>
      // undefined leaves a field out; Auth0 refuses empty names.
      name: user.name || undefined,
      nickname: user.nickname || undefined,
      given_name: user.given_name || undefined,
      family_name: user.family_name || undefined,
      picture: user.picture || undefined,
<% if metadata %>
      user_metadata: user.user_metadata,
      app_metadata: user.app_metadata,
<% endif %>
    };
  }
