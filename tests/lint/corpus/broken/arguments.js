//// text-as-error verify callback-error-type@3
function verify(email, callback) {
  if (email) return callback(null, email.endsWith('@example.com'));
  return callback('No address' + email);
}
//// status-as-error get_user callback-error-type@4
function getUser(email, callback) {
  require('request@2.88.2').get(configuration.URL, (err, response, body) => {
    if (err) return callback(err);
    if (response.statusCode !== 200) return callback(response.statusCode);
    return callback(null, { user_id: body.id, email });
  });
}
//// boolean-for-a-profile get_user callback-result-type@4
function getUser(email, callback) {
  require('db').query('SELECT id FROM users', (err, rows) => {
    if (err) return callback(err);
    return callback(null, rows.length > 0);
  });
}
//// three-arguments login callback-result-type@4
function login(identifier, password, callback) {
  require('store').check(identifier, password, (err, user) => {
    if (err) return callback(err);
    return callback(null, { user_id: user.id }, 'welcome');
  });
}
//// no-answer-in-change-password change_password callback-result-type@4
function changePassword(email, newPassword, callback) {
  require('store').save(email, newPassword, (err) => {
    if (err) return callback(err);
    return callback();
  });
}
//// closes-after-the-call verify callback-then-continue@5
function verify(email, callback) {
  const client = require('client').open();
  client.check(email, (err, ok) => {
    callback(err, ok);
    client.close();
  });
}
//// writes-the-log-after-the-call verify callback-then-continue@7 async-unhandled@4
async function verify(email, callback) {
  let ok = false;
  try {
    ok = (await fetch(configuration.URL)).ok;
    callback(null, ok);
  } finally {
    await fetch(configuration.AUDIT_URL).catch(() => null);
  }
}
//// error-never-read change_password err-unchecked@2
function changePassword(email, newPassword, callback) {
  require('bcrypt@5.1.1').hash(newPassword, 10, (err, hash) => {
    require('store').save(email, hash, callback);
  });
}
//// error-only-logged get_user err-unchecked@2
function getUser(email, callback) {
  require('store').find({ email }, (error, user) => {
    if (error) {
      console.error('find failed');
    }
    return callback(null, user ? { user_id: user.id, email } : undefined);
  });
}
//// response-before-error get_user use-before-error-check@3
function getUser(email, callback) {
  require('request@2.88.2').get(configuration.URL, (error, response, body) => {
    if (response.statusCode === 404) return callback(null);
    if (error) return callback(error);
    return callback(null, { user_id: body.id, email });
  });
}
//// old-body-under-a-return get_user unreachable-code@3
function getUser(email, callback) {
  return callback(null);
  require('store').find(email, callback);
}
//// error-in-an-error verify error-rewrapped@3
function verify(email, callback) {
  require('store').check(email, (err, ok) => {
    if (err) return callback(new Error(err));
    return callback(null, ok);
  });
}
//// nothing-done delete script-noop-success@2
function deleteUser(id, callback) {
  return callback(null);
}
//// message-as-identifier login wrong-credentials-args@4
function login(identifier, password, callback) {
  require('store').check(identifier, password, (err, user) => {
    if (err) return callback(err);
    if (!user) return callback(new WrongUsernameOrPasswordError('Wrong user name or password'));
    return callback(null, { user_id: user.id });
  });
}
//// sentence-as-code create validation-error-args@3
function create(user, callback) {
  require('store').insert(user.email, (err, added) => {
    if (!added) return callback(err || new ValidationError('The user already exists'));
    return callback(null);
  });
}
//// conflict-as-plain-error create create-exists-error@5
function create(user, callback) {
  fetch(configuration.URL, { method: 'POST', body: user.email }).then(
    (response) => {
      if (response.ok) return callback(null);
      if (response.status === 409) return callback(new Error('conflict'));
      return callback(new Error('The user store answered ' + response.status));
    },
    (error) => callback(error),
  );
}
//// unknown-user-as-error get_user get-user-not-found@4
function getUser(email, callback) {
  require('store').find({ email }, (err, user) => {
    if (err) return callback(err);
    if (!user) return callback(new Error('nobody'));
    return callback(null, { user_id: user.id, email });
  });
}
//// not-found-status-as-error get_user get-user-not-found@3
function getUser(email, callback) {
  fetch(configuration.URL).then((response) => {
    if (response.status === 404) return callback(new Error('404'));
    return callback(null, { user_id: response.headers.get('id'), email });
  }, callback);
}
//// refused-as-plain-error login login-credentials-error@4
function login(identifier, password, callback) {
  fetch(configuration.URL, { method: 'POST', body: identifier + password }).then((response) => {
    if (response.status === 500) return callback(new Error('The user store is not available'));
    if (response.status === 401) return callback(new Error('refused'));
    return callback(null, { user_id: response.headers.get('id'), email: identifier });
  }, callback);
}
//// no-profile-no-error login login-credentials-error@4
function login(identifier, password, callback) {
  require('store').check(identifier, password, (err, user) => {
    if (err) return callback(err);
    return user ? callback(null, { user_id: user.id }) : callback(null);
  });
}
//// outage-as-wrong-password login wrong-credentials-misuse@6
async function login(identifier, password, callback) {
  let user;
  try {
    user = await require('store').check(identifier, password);
  } catch (error) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
  }
  return callback(null, { user_id: user.id, email: identifier });
}
//// outage-as-unknown-user get_user error-masked@6
async function getUser(email, callback) {
  let user;
  try {
    user = await require('store').find(email);
  } catch (error) {
    return callback(null);
  }
  return callback(null, user ? { user_id: user.id, email } : undefined);
}
//// merged-outage get_user error-masked@3
function getUser(email, callback) {
  require('db').query('SELECT id FROM users', (err, rows) => {
    if (err || rows.length === 0) return callback(null);
    return callback(null, { user_id: rows[0].id, email });
  });
}
//// audit-not-awaited verify floating-promise@2
async function verify(email, callback) {
  fetch(configuration.AUDIT_URL, { method: 'POST' });
  return callback(null, email === configuration.KNOWN);
}
//// compare-not-awaited login promise-not-awaited@4
async function login(identifier, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const user = JSON.parse(configuration.USERS)[identifier];
  if (bcrypt.compare(password, user.hash)) return callback(null, { user_id: user.id });
  return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
}
//// json-not-awaited get_user promise-not-awaited@5
async function getUser(email, callback) {
  let profile;
  try {
    const response = await fetch(configuration.URL);
    const user = response.json();
    profile = { user_id: user.id, email: user.email };
  } catch (error) {
    return callback(error);
  }
  return callback(null, profile);
}
