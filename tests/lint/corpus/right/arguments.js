//// inner-callback-gets-a-text verify
function verify(email, callback) {
  function load(key, callback) {
    return callback('found ' + key);
  }
  load(email, (text) => callback(null, text.length > 6));
}
//// error-or-null create
function create(user, callback) {
  require('store').insert(user.email, (err, added) => {
    const exists = new ValidationError('user_exists', 'The user already exists');
    return callback(err || (added ? null : exists));
  });
}
//// wrapped-with-a-cause verify
function verify(email, callback) {
  require('store').check(email, (err, ok) => {
    if (err) return callback(new Error('The user store is not available', { cause: err }));
    return callback(null, ok);
  });
}
//// status-decides login
async function login(identifier, password, callback) {
  let user;
  try {
    user = await require('store').check(identifier, password);
  } catch (error) {
    return callback(
      error.response?.status === 401 ? new WrongUsernameOrPasswordError(identifier, 'Wrong') : new Error('not available'),
    );
  }
  return callback(null, { user_id: user.id, email: identifier });
}
//// not-found-by-status get_user
function getUser(email, callback) {
  require('store')
    .find(email)
    .then((user) => callback(null, { user_id: user.id, email }))
    .catch((error) => (error.response?.status === 404 ? callback(null) : callback(error)));
}
//// missing-setting-is-no-missing-user get_user
function getUser(email, callback) {
  if (!configuration.USERS_URL) return callback(new Error('USERS_URL is not configured'));
  require('store').find({ email }, (err, user) => callback(err, user || undefined));
}
//// all-users-have-moved login
function login(identifier, password, callback) {
  // Nobody is left in the old store.
  return callback(null);
}
//// ignored-on-purpose verify
function verify(email, callback) {
  const client = require('client').open();
  client.check(email, (err, ok) => {
    client.close((error) => {});
    client.end((e) => console.error('closed'));
    return callback(err, ok);
  });
}
//// error-ignored-by-its-name verify
function verify(email, callback) {
  require('cache').get(email, (_err, known) => {
    if (known) return callback(null, true);
    return require('store').check(email, (err, ok) => callback(err, ok));
  });
}
//// e-is-an-element verify
function verify(email, callback) {
  const list = configuration.KNOWN.split(',').map((e) => e.trim());
  return callback(null, list.some((e) => e === email));
}
//// promise-handed-on get_user
async function getUser(email, callback) {
  let user;
  try {
    const response = await fetch(configuration.URL);
    const body = response.json();
    user = await body;
  } catch (error) {
    return callback(error);
  }
  return callback(null, { user_id: user.id, email });
}
//// compare-with-a-callback login
function login(identifier, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const user = JSON.parse(configuration.USERS)[identifier];
  bcrypt.compare(password, user.hash, (err, matches) => {
    if (err) return callback(err);
    if (!matches) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
    return callback(null, { user_id: user.id, email: identifier });
  });
}
//// audit-with-a-catch verify
async function verify(email, callback) {
  fetch(configuration.AUDIT_URL).catch(() => null);
  return callback(null, email === configuration.KNOWN);
}
//// refuses-on-purpose change_password
function changePassword(email, newPassword, callback) {
  return callback(new Error('Passwords are changed in the staff portal'));
}
//// var-and-function-behind-the-return get_user
function getUser(email, callback) {
  var found;
  return find();

  function find() {
    found = JSON.parse(configuration.USERS)[email];
    return found ? callback(null, { user_id: found.id, email }) : callback(null);
  }
  var unused;
}
//// ldap-bind-refused login
function login(identifier, password, callback) {
  const client = require('ldapjs@2.3.3').createClient({ url: configuration.URL });
  client.bind(`uid=${identifier}`, password, (err) => {
    if (err) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
    return callback(null, { user_id: identifier });
  });
}
