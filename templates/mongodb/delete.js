/** Deletes a user: in the dashboard or through the API. */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  async function remove() {
<% if user_id_prefix %>
    // `id` is the user_id that login returned; the collection knows it without our prefix.
    const prefix = <%= user_id_prefix | js %>;
    if (!id.startsWith(prefix)) throw new Error('The user belongs to another connection');
    const key = id.slice(prefix.length);
<% else %>
    const key = id; // the user_id that login returned, without the "auth0|" that Auth0 puts before it
<% endif %>
    // Whether the user was there or already gone: gone is what was asked for.
<% if id_type == 'objectid' %>
    const { ObjectId } = require('mongodb@6.12.0');
    if (!/^[0-9a-f]{24}$/.test(key)) return; // nobody has such an id
    await inUsers((users) => users.deleteOne({ <%= id_column | identifier %>: new ObjectId(key) }));
<% else %>
    await inUsers((users) => users.deleteOne({ <%= id_column | identifier %>: { $eq: key } }));
<% endif %>
  }

<% include '_database.js' %>

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
