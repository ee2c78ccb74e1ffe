  // login and get_user share this function to the letter: Auth0 must see one and the same user through both.
  function toProfile(user) {
    if (!user?.localId || !user.email) throw new Error('Firebase sent a user without an id or an e-mail address');
    return {
<% if user_id_prefix %>
      user_id: <%= user_id_prefix | js %> + user.localId, // permanent: a changed user_id is a new user
<% else %>
      user_id: user.localId, // permanent: a changed user_id is a new user
<% endif %>
      email: user.email,
      email_verified: user.emailVerified === true,
      // undefined leaves a field out; Auth0 refuses empty names and pictures.
      name: user.displayName || undefined,
      picture: user.photoUrl || undefined,
    };
  }
