/** Changes an e-mail address, or only whether it is verified; after get_user. */
async function changeEmail(email, newEmail, verified<% if organization_context %>, context<% endif %>, callback) {
  // Resolves with whether there is such a user.
  async function setEmail() {
    const updated = await ask('/users/change-email', {
      email,
      new_email: newEmail,
      verified: verified === true,
<% if organization_context %>
      organization: context.organization?.id,
<% endif %>
    }, 'updated');
    return updated === true;
  }

<% include '_user_api.js' %>

  let changed = false;
  let error = null;
  try {
    changed = await setEmail();
  } catch (failure) {
    error = failure.status === 409 ? new Error('The new e-mail address is already in use') : failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null, changed);
}
