/** Nobody is left to import: whoever is not in Auth0 by now is unknown, whatever the password. */
function login(identifier, password<% if organization_context %>, context<% endif %>, callback) {
  // Auth0 asks only for users that it does not have itself, as long as "Import Users to Auth0" stays on. It shows
  // the usual "wrong e-mail or password" for this answer. The old store is not asked any more and can be closed.
  return callback(null, null);
}
