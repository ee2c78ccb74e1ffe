/** Sets a new password: when a reset or a change of password is confirmed, after get_user. */
async function changePassword(identifier, newPassword<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a person.
  async function change() {
    if (!newPassword) throw new Error('The new password is empty');
    const entry = identifier ? await findUser(identifier) : null;
    if (!entry) return false;
    await setPassword(entry.dn, newPassword);
    return true;
  }

<% include '_password.js' %>

<% include '_find_user.js' %>

<% include '_directory.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await change();
  } catch (failure) {
    error = failure; // its text ends up in a redirect address, so it names no person
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
