/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a person.
  async function setEmail() {
    const entry = email ? await findUser(email) : null;
    if (!entry) return false;
    const other = await findUser(newEmail);
    if (other && other.dn !== entry.dn) throw new Error('The new e-mail address is already in use');
    await replace(entry.dn, {
      <%= email_column | key %>: newEmail,
<% if verified_column %>
      <%= verified_column | key %>: verified === true ? 'TRUE' : 'FALSE',
<% endif %>
    });
    return true;
  }

<% include '_replace.js' %>

<% include '_find_user.js' %>

<% include '_directory.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    error = failure;
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null, changed);
}
