/** Marks an e-mail address as verified: when the link of a verification e-mail is followed. */
async function verify(email<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether somebody has this address.
  async function markVerified() {
    const entry = email ? await findUser(email) : null;
    if (!entry) return false;
    await replace(entry.dn, { <%= verified_column | key %>: 'TRUE' });
    return true;
  }

<% include '_replace.js' %>

<% include '_find_user.js' %>

<% include '_directory.js' %>

  let verified = false;
  let error = null;
  try {
    verified = await markVerified();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, verified);
}
