/** Deletes a user: in the dashboard or through the API. */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  async function remove() {
<% if user_id_prefix %>
    // `id` is the user_id that login returned; the store knows it without our prefix.
    const prefix = <%= user_id_prefix | js %>;
    if (!id.startsWith(prefix)) throw new Error('The user belongs to another connection');
    await ask('/users/delete', { id: id.slice(prefix.length) }, 'deleted');
<% else %>
    // `id` is the user_id that login returned, without the "auth0|" that Auth0 puts before it.
    await ask('/users/delete', { id }, 'deleted');
<% endif %>
  }

<% include '_user_api.js' %>

  let error = null;
  try {
    await remove(); // whether the user was there or already gone: gone is what was asked for
  } catch (failure) {
    error = failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null);
}
