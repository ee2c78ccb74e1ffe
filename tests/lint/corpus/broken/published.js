//// mongodb-release-that-was-removed verify module-removed@2 db-timeout-missing@3 driver-api-mismatch@10
function verify(email, callback) {
  const { MongoClient } = require('mongodb@3.1.4');
  const client = new MongoClient(configuration.MONGO_URL);
  client.connect((err) => {
    if (err) return callback(err);
    const users = client.db('shop').collection('users');
    users.updateOne({ email, confirmed: false }, { $set: { confirmed: true } }, (failed, count) => {
      client.close();
      if (failed) return callback(failed);
      return callback(null, count > 0);
    });
  });
}
//// mongodb-without-callbacks-any-more get_user driver-api-mismatch@4 driver-api-mismatch@6
function getUser(email, callback) {
  const { MongoClient } = require('mongodb@5.1.0');
  const client = new MongoClient(configuration.MONGO_URL, { serverSelectionTimeoutMS: 3000 });
  client.connect(function (err) {
    if (err) return callback(err);
    client.db('shop').collection('users').findOne({ email }, function (failed, user) {
      client.close();
      if (failed) return callback(failed);
      return callback(null, user ? { user_id: String(user._id), email: user.email } : undefined);
    });
  });
}
//// existing-user-as-plain-error create create-exists-error@9
async function create(user, callback) {
  const users = global.db.collection('users');
  let known;
  try {
    known = await users.findOne({ email: user.email });
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (known) return callback(new Error('the user already exists'));
  return callback(null);
}
//// mysql-called-as-a-function login module-unpinned@2 module-deprecated@2 driver-api-mismatch@3
function login(email, password, callback) {
  const mysql = require('mysql');
  const connection = mysql({ host: configuration.HOST, user: configuration.USER, password: configuration.PASSWORD });
  connection.connect();
  connection.query('SELECT id, email FROM users WHERE email = ? AND hash = SHA2(?, 256)', [email, password], (err, rows) => {
    if (err) return callback(err);
    if (rows.length === 0) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
    return callback(null, { user_id: String(rows[0].id), email: rows[0].email });
  });
}
//// mysql-length-of-an-update verify db-connection-leak@3 driver-api-mismatch@6
function verify(email, callback) {
  const mysql = require('mysql2@3.9.7');
  const connection = mysql.createConnection({ host: configuration.HOST, user: configuration.USER, password: configuration.PASSWORD, connectTimeout: 3000, ssl: {} });
  connection.query('UPDATE users SET confirmed = true WHERE confirmed = false AND email = ?', [email], (err, results) => {
    if (err) return callback(err);
    return callback(null, results.length > 0);
  });
}
//// postgres-connect-of-the-module get_user function-name@1 module-unpinned@2 driver-api-mismatch@3
function loginByEmail(email, callback) {
  const postgres = require('pg');
  postgres.connect(configuration.PG_URL, (err, client, done) => {
    if (err) return callback(err);
    client.query('SELECT id, email FROM users WHERE email = $1', [email], (failed, result) => {
      done();
      if (failed || result.rows.length === 0) return callback(failed);
      return callback(null, { user_id: String(result.rows[0].id), email: result.rows[0].email });
    });
  });
}
//// postgres-not-released-after-a-hash-error change_password db-tls-missing@4
function changePassword(email, newPassword, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const { Pool } = require('pg@8.11.3');
  const pool = new Pool({ host: configuration.HOST, connectionTimeoutMillis: 3000, query_timeout: 3000 });
  pool.connect((err, client, release) => {
    if (err) return callback(err);
    bcrypt.hash(newPassword, 10, (failed, hash) => {
      if (failed) return callback(failed);
      client.query('UPDATE users SET password = $1 WHERE email = $2', [hash, email], (refused, result) => {
        release();
        pool.end();
        return callback(refused || null, !refused && result.rowCount > 0);
      });
    });
  });
}
//// sql-server-settings-of-old login driver-api-mismatch@3 db-connection-leak@3 empty-result-unchecked@9 driver-api-mismatch@9
function login(email, password, callback) {
  const { Connection, Request, TYPES } = require('tedious@11.0.3');
  const connection = new Connection({ userName: configuration.USER, password: configuration.PASSWORD, server: configuration.SERVER, options: { encrypt: true } });
  connection.on('debug', (text) => console.log(text));
  connection.on('connect', (err) => {
    if (err) return callback(err);
    const query = new Request('SELECT Id, Email FROM Users WHERE Email = @email AND Password = @password', (failed, count, rows) => {
      if (failed) return callback(failed);
      return callback(null, { user_id: rows[0][0].value, email: rows[0][1].value });
    });
    query.addParameter('email', TYPES.VarChar, email);
    query.addParameter('password', TYPES.VarChar, password);
    connection.execSql(query);
  });
}
//// sql-server-that-never-connects get_user driver-api-mismatch@3
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  const connection = new Connection({ server: configuration.SERVER, authentication: { type: 'default', options: { userName: configuration.USER, password: configuration.PASSWORD } }, options: { connectTimeout: 3000, requestTimeout: 3000, encrypt: true } });
  connection.on('connect', (err) => {
    if (err) return callback(err);
    let profile;
    const query = new Request('SELECT Id FROM Users WHERE Email = @email', (failed) => {
      connection.close();
      return failed ? callback(failed) : callback(null, profile);
    });
    query.addParameter('email', TYPES.VarChar, email);
    query.on('row', (columns) => { profile = { user_id: String(columns[0].value), email }; });
    connection.execSql(query);
  });
}
//// azure-text-of-errors-and-request login callback-multiple@7? callback-error-type@7
function login(email, password, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  const connection = new Connection({ server: configuration.SERVER, authentication: { type: 'default', options: { userName: configuration.USER, password: configuration.PASSWORD } }, options: { connectTimeout: 3000, requestTimeout: 3000, encrypt: true } });
  connection.on('debug', (text) => console.log(text));
  connection.on('errorMessage', (error) => {
    console.log(error);
    return callback(error.message);
  });
  connection.connect((err) => {
    if (err) return callback(err);
    let found = false;
    const query = new Request('SELECT Id FROM Users WHERE Email = @email AND Password = @password', (failed) => {
      connection.close();
      if (failed) return callback(failed);
      if (!found) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
      return callback(null, { user_id: 'u-' + email, email });
    });
    query.addParameter('email', TYPES.VarChar, email);
    query.addParameter('password', TYPES.VarChar, password);
    query.on('row', () => { found = true; });
    connection.execSql(query);
  });
}
//// azure-one-profile-for-all get_user profile-hard-coded@2
function getUser(email, callback) {
  return callback(null, { user_id: 'example-123', nickname: 'someone', email: 'someone@acme.com' });
}
//// membership-hash-of-one-round login weak-password-hash@6 timing-unsafe-compare@7
function login(email, password, callback) {
  const crypto = require('crypto');
  require('store@1.0.0').find(email, (err, row) => {
    if (err) return callback(err);
    if (!row) return callback(new WrongUsernameOrPasswordError(null, 'Wrong address or password'));
    const hash = crypto.createHmac('sha256', Buffer.from(row.salt, 'base64')).update(Buffer.from(password, 'ucs2')).digest('base64');
    if (hash !== row.hash) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
    return callback(null, { user_id: String(row.id), email: row.email });
  });
}
//// identity-hash-without-a-digest change_password weak-password-hash@4 driver-api-mismatch@4 callback-result-type@8
function changePassword(email, newPassword, callback) {
  const crypto = require('crypto');
  const salt = crypto.randomBytes(16);
  crypto.pbkdf2(newPassword, salt, 1000, 32, (err, key) => {
    if (err) return callback(err);
    require('store@1.0.0').update(email, key, salt, (failed) => {
      if (failed) return callback(failed);
      return callback();
    });
  });
}
//// axios-error-without-an-answer login function-name@1 module-removed@2 http-timeout-too-long@4 error-response-unchecked@7
async function loginAsync(email, password, callback) {
  const axios = require('axios@0.22.0');
  try {
    const response = await axios.post(configuration.URL, { email, password }, { timeout: 10000 });
    return callback(null, { user_id: response.data.id, email: response.data.email });
  } catch (e) {
    if (e.response.status === 404) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
    return callback(e);
  }
}
//// request-with-basic-auth create module-unpinned@2 module-deprecated@2 http-status-unchecked@3 http-timeout-missing@3 user-object-forwarded@5
function create(user, callback) {
  const request = require('request');
  request.post({
    url: configuration.URL,
    json: user,
    auth: { username: configuration.USER, password: configuration.PASSWORD },
  }, (err) => {
    return callback(err);
  });
}
//// db2-by-concatenation login sql-injection@6 callback-multiple@7 sync-blocking@8 empty-result-unchecked@8 callback-missing@8 callback-multiple@9 callback-then-continue@10
function login(email, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const ibmdb = require('ibm_db@3.2.3');
  ibmdb.open(configuration.DSN, (err, conn) => {
    if (err) callback(err);
    conn.query("SELECT * FROM users WHERE email = '" + email + "'", (failed, data) => {
      if (failed) return callback(failed);
      if (!bcrypt.compareSync(password, data[0].HASH)) return;
      callback(null, { user_id: String(data[0].ID), email });
      conn.close(() => {});
    });
  });
}
//// answer-used-before-the-error login magic-global@2 err-unchecked@2 login-credentials-error@3
function login(username, password, callback) {
  request.post({ url: configuration.URL, json: { username, password }, timeout: 4000 }, (error, response, body) => {
    if (response.statusCode !== 200) return callback();
    return callback(null, { user_id: String(body.id), email: body.email });
  });
}
//// tenant-to-tenant get_user log-sensitive@3 token-not-cached@4 url-injection@6 unguarded-json-parse@9
function getUser(email, callback) {
  const request = require('request@2.88.2');
  console.log('looking for ' + email);
  request.post({ url: configuration.TOKEN_URL, json: { grant_type: 'client_credentials', client_id: configuration.ID, client_secret: configuration.SECRET }, timeout: 4000 }, (err, response, body) => {
    if (err || response.statusCode !== 200) return callback(new Error('no token'));
    const url = configuration.URL + '/users?q=' + encodeURI('email:"' + email + '"');
    request.get({ url, auth: { bearer: body.access_token }, timeout: 4000 }, (failed, answer, text) => {
      if (failed || answer.statusCode !== 200) return callback(new Error('no answer'));
      const users = JSON.parse(text);
      return callback(null, users.length ? { user_id: users[0].user_id, email: users[0].email } : undefined);
    });
  });
}
//// every-failure-is-not-found get_user http-timeout-missing@3 url-injection@3 error-masked@8
async function getUser(identifier, callback) {
  try {
    const response = await fetch(`${configuration.URL}/users/${identifier}`);
    if (!response.ok) throw new Error('refused');
    const user = await response.json();
    return callback(null, { user_id: String(user.id), email: user.email });
  } catch (error) {
    return callback(null);
  }
}
//// chain-that-answers-twice login fetch-body-object@2 login-credentials-error@4 callback-multiple@8 profile-user-id-missing@8 callback-multiple@11?
function login(email, password, callback) {
  fetch(configuration.URL, { method: 'POST', body: { email, password }, signal: AbortSignal.timeout(4000) })
    .then((response) => {
      if (!response.ok) return callback(new Error('wrong address or password'));
      return response.json();
    })
    .then((body) => {
      return callback(null, { email: body.email });
    })
    .catch((error) => {
      return callback(error);
    });
}
//// twin-that-never-answers login async-unhandled@2 promise-not-awaited@3 undeclared-variable@4
async function login(email, password, callback) {
  const response = await fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ email, password }), signal: AbortSignal.timeout(4000) });
  const body = response.json();
  if (!response.ok) return callback(new WrongUsernameOrPasswordError(email, err.message));
  return callback(null, { user_id: body.id, email: body.email });
}
//// mark-pasted-from-a-page login script-syntax@1
⏺function login(email, password, callback) {
  return callback(new Error('none'));
}
//// parenthesis-forgotten change_password script-syntax@5
function changePassword(email, newPassword, callback) {
  const store = require('store@1.0.0');
  store.update(email, newPassword, (err, count) => {
    return callback(err, count === 1);
  };
}
//// second-return verify unreachable-code@3
function verify(email, callback) {
  return require('store@1.0.0').verify(email, (err, count) => callback(err, count === 1));
  return callback(null, false);
}
//// address-in-the-message verify pii-in-error@3
function verify(email, callback) {
  require('store@1.0.0').verify(email, (err, count) => {
    if (err) return callback(new Error(email + ' was not verified'));
    return callback(null, count === 1);
  });
}
//// script-without-a-name change_email anonymous-function@1
function (email, newEmail, verified, callback) {
  require('store@1.0.0').rename(email, newEmail, verified, (err, count) => callback(err, count === 1));
}
//// columns-by-name get_user driver-api-mismatch@12
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  const connection = new Connection({ server: configuration.SERVER, authentication: { type: 'default', options: { userName: configuration.USER, password: configuration.PASSWORD } }, options: { connectTimeout: 3000, requestTimeout: 3000, encrypt: true } });
  connection.connect((err) => {
    if (err) return callback(err);
    let profile;
    const query = new Request('SELECT Id, Name FROM Users WHERE Email = @email', (failed) => {
      connection.close();
      return failed ? callback(failed) : callback(null, profile);
    });
    query.addParameter('email', TYPES.VarChar, email);
    query.on('row', (fields) => { profile = { user_id: String(fields.Id.value), name: fields.Name.value, email }; });
    connection.execSql(query);
  });
}
