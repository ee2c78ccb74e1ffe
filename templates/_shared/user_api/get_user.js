/** Looks a user up without a password: before a sign-up, an e-mail change and a password reset. */
async function getUser(identifier<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with the profile, or with null when the API says that there is no such user. A 404 does not
  // count as that: a wrong API_URL would make everybody unknown, and sign-ups would create them again.
  async function find() {
    if (!identifier) return null;
    const user = await ask('/users/find', {
      identifier,
<% if organization_context %>
      organization: context.organization?.id,
<% endif %>
    }, 'user');
    return user === null ? null : toProfile(user);
  }

<% include '_shared/user_api/_profile.js' %>

<% include '_user_api.js' %>

  let profile = null;
  let error = null;
  try {
    profile = await find();
  } catch (failure) {
    error = failure; // never "no such user" when the API could not tell
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  if (!profile) return callback(null);
  return callback(null, profile);
}
