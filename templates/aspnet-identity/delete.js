/** Deletes a user: in the dashboard or through the API. */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  async function remove() {
<% if user_id_prefix %>
    // `id` is the user_id that login returned; the table knows it without our prefix.
    const prefix = <%= user_id_prefix | js %>;
    if (!id.startsWith(prefix)) throw new Error('The user belongs to another connection');
    const key = id.slice(prefix.length);
<% else %>
    const key = id; // the user_id that login returned, without the "auth0|" that Auth0 puts before it
<% endif %>
    // Whether the user was there or already gone: gone is what was asked for.
    await query('DELETE FROM <%= table | identifier %> WHERE [Id] = @key', { key });
  }

<% include '_shared/mssql_database.js' %>

  let error = null;
  try {
    await remove();
  } catch (failure) {
    error = failure;
<% include '_shared/end_of_try.js' %>
  if (error) return callback(error);
  return callback(null);
}
