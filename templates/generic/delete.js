/**
 * Deletes a user: in the dashboard or through the API.
 * @type {DeleteUserScript<% if organization_context %>WithContext<% endif %>}
 */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  // Write your code here. `id` is the user_id that login returned, without the "auth0|" that Auth0 puts before
<% if user_id_prefix %>
  // it: cut off our own <%= user_id_prefix | js %> to get the store's id. A user who is already gone counts as
  // deleted; throw when the store cannot tell.
<% else %>
  // it. A user who is already gone counts as deleted; throw when the store cannot tell.
<% endif %>
  async function remove() {
    throw new Error('delete is not implemented here yet: delete the user in your user store');
  }

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
