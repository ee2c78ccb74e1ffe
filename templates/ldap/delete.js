/** Deletes a user: in the dashboard or through the API. */
async function deleteUser(id<% if organization_context %>, context<% endif %>, callback) {
  async function remove() {
<% if user_id_prefix %>
    // `id` is the user_id that login returned; the directory knows it without our prefix.
    const prefix = <%= user_id_prefix | js %>;
    if (!id.startsWith(prefix)) throw new Error('The user belongs to another connection');
    const key = id.slice(prefix.length);
<% else %>
    const key = id; // the user_id that login returned, without the "auth0|" that Auth0 puts before it
<% endif %>
    const { EqualityFilter } = require('ldapts@7.4.0');
    const filter = new EqualityFilter({ attribute: '<%= id_column | identifier %>', value: key });
    const { searchEntries } = await ask((ldap) => ldap.search(configuration.LDAP_BASE_DN, {
      scope: 'sub',
      filter,
      sizeLimit: 2,
      attributes: ['<%= id_column | identifier %>'],
    }));
    if (searchEntries.length > 1) throw new Error('More than one person has this id');
    // Whether the person was there or already gone: gone is what was asked for.
    if (searchEntries.length === 1) await ask((ldap) => ldap.del(searchEntries[0].dn));
  }

<% include '_directory.js' %>

  let error = null;
  try {
    await remove();
  } catch (failure) {
    error = failure;
<% include '_end_of_try.js' %>
  if (error) return callback(error);
  return callback(null);
}
