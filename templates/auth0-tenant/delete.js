/** Deletes a user: in the dashboard or through the API. */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  async function remove() {
<% if user_id_prefix %>
    // `id` is the user_id that login returned; the other tenant knows it without our prefix.
    const prefix = <%= user_id_prefix | js %>;
    if (!id.startsWith(prefix)) throw new Error('The user belongs to another connection');
    const path = `users/${encodeURIComponent(`auth0|${id.slice(prefix.length)}`)}`;
<% else %>
    // `id` is the user_id that login returned, without the "auth0|" that both tenants put before it.
    const path = `users/${encodeURIComponent(`auth0|${id}`)}`;
<% endif %>
    let user = null;
    try {
      user = await manage('GET', path);
    } catch (failure) {
      if (failure.status === 404) return; // already gone: gone is what was asked for
      throw failure;
    }
    // All database connections of a tenant share one kind of id.
    if (!isOurs(user)) throw new Error('The user belongs to another connection there');
    await manage('DELETE', path);
  }

<% include '_ours.js' %>

<% include '_tenant.js' %>

  let error = null;
  try {
    await remove();
  } catch (failure) {
    error = failure;
  }
  // Outside the try: an error thrown by the callback must not lead to a second call.
  if (error) return callback(error);
  return callback(null);
}
