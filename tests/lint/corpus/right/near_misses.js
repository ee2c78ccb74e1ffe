//// comments-and-strict-words-before-the-function login ~script-syntax ~script-single-function ~script-unimplemented ~template-placeholder
/* The form the dashboard once gave:
   function login(email, password, callback) { return callback(new Error('Please implement the Login script')); }
   Settings: ##API_URL## and https://example.com are examples. */
function login(identifier, password, callback) {
  const { compare } = require('bcrypt@5.1.1');
  global.store.find(identifier, (err, row) => {
    if (err) return callback(new Error('the store is away'));
    if (!row) return callback(new WrongUsernameOrPasswordError(null, 'Wrong name or password'));
    compare(password, row.hash, (failed, same) => {
      if (failed) return callback(new Error('no comparison'));
      if (!same) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
      return callback(null, { user_id: String(row.id), email: row.email });
    });
  });
}
//// dashes-and-quotes-in-a-string get_user ~script-syntax
function getUser(email, callback) {
  const label = 'user – of the “old” store';
  return callback(email === label ? null : new Error('none'));
}
//// helper-named-like-another-kind get_user ~script-kind-mismatch ~function-name
function getUser(email, callback) {
  function login(token, done) {
    done(null, token);
  }
  login(configuration.TOKEN, (err) => callback(err || null));
}
//// context-before-the-callback change_email ~script-params
function changeEmail(email, newEmail, verified, context, callback) {
  require('store@1.0.0').rename(email, newEmail, verified, (err, count) => callback(err, count === 1));
}
//// any-number-of-arguments verify ~script-params
function verify(...values) {
  const callback = values.pop();
  return callback(null, values.length > 0);
}
//// inner-functions-without-names create ~anonymous-function
function create(user, callback) {
  require('store@1.0.0').insert({ email: user.email }, function (err) {
    callback(err);
  });
}
//// profile-after-a-merged-condition get_user ~empty-result-unchecked ~use-before-error-check ~err-unchecked
function getUser(email, callback) {
  const pool = global.pool;
  pool.query('SELECT id, email FROM users WHERE email = $1', [email], (err, result) => {
    if (err || !result || result.rows.length === 0) return callback(err || null);
    const [row] = result.rows;
    return callback(null, { user_id: String(row.id), email: result.rows[0].email });
  });
}
//// returning-always-gives-a-row create ~empty-result-unchecked
async function create(user, callback) {
  let id;
  try {
    const { rows } = await global.pool.query('INSERT INTO users (email) VALUES ($1) RETURNING id', [user.email]);
    id = rows[0].id;
  } catch (error) {
    return callback(new Error('not stored'));
  }
  global.lastId = typeof id;
  return callback(null);
}
//// optional-chain-before-the-error verify ~use-before-error-check ~http-status-unchecked
function verify(email, callback) {
  const request = require('request@2.88.2');
  request.post({ url: configuration.API_URL, json: { email }, timeout: 4000 }, (err, response) => {
    const status = response?.statusCode;
    if (err || status !== 200) return callback(new Error('not verified'));
    return callback(null, true);
  });
}
//// response-asked-for-first login ~error-response-unchecked ~wrong-credentials-misuse ~http-status-unchecked
async function login(identifier, password, callback) {
  const axios = require('axios@1.7.9');
  let data;
  try {
    ({ data } = await axios.post(configuration.API_URL, { identifier, password }, { timeout: 4000 }));
  } catch (e) {
    if (e.response && e.response.status === 401) {
      return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
    }
    return callback(new Error('the API is away'));
  }
  return callback(null, { user_id: String(data.id), email: data.email });
}
//// functions-used-before-they-stand-there get_user ~use-before-define ~unreachable-code ~callback-then-continue
function getUser(email, callback) {
  var result;
  return find(finish);

  var ignored;
  function find(done) {
    result = { user_id: 'u1', email };
    done();
  }
  function finish() {
    return callback(null, result);
  }
}
//// names-that-may-not-exist verify ~undeclared-variable ~implicit-global ~magic-global
/* global auth0tools */
function verify(email, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const clock = typeof performance === 'undefined' ? Date : performance;
  let count;
  count = bcrypt.getRounds(email) + clock.now() + (typeof tools !== 'undefined' ? 1 : 0) + auth0tools.level;
  return callback(null, count > 0);
}
//// parsed-where-it-is-caught get_user ~unguarded-json-parse
function getUser(email, callback) {
  const copy = JSON.parse(JSON.stringify({ email }));
  require('store@1.0.0')
    .read(copy)
    .then((text) => JSON.parse(text))
    .then((row) => callback(null, { user_id: String(row.id), email: row.email }), () => callback(new Error('no JSON')));
}
//// compared-in-the-old-way login ~promise-not-awaited ~login-fails-open ~login-password-unused
function login(identifier, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const hash = global.hashes.get(identifier);
  if (!hash) return callback(new WrongUsernameOrPasswordError(null, 'Wrong name or password'));
  const pending = bcrypt.compare(password, hash);
  pending.then(
    (same) =>
      same
        ? callback(null, { user_id: `u-${global.ids.get(identifier)}`, email: identifier })
        : callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password')),
    () => callback(new Error('no comparison')),
  );
}
//// audit-that-is-waited-for create ~floating-promise ~fetch-body-object ~user-object-forwarded ~http-timeout-missing
async function create(user, callback) {
  const axios = require('axios@1.7.9');
  const api = axios.create({ baseURL: configuration.API_URL, timeout: 3000 });
  try {
    await api.request({ method: 'post', url: '/users', data: { email: user.email, password: user.password } });
    await Promise.race([api.post('/audit', { event: 'created' }), new Promise((done) => setTimeout(done, 500))]);
  } catch (error) {
    return callback(new Error('not stored'));
  }
  return callback(null);
}
//// defaults-for-every-request verify ~http-timeout-missing ~http-timeout-too-long ~pii-in-url
function verify(email, callback) {
  const request = require('request@2.88.2').defaults({ timeout: 5 * 1000 });
  request.post({ url: `${configuration.API_URL}/verify`, json: { email }, qs: { days: 30000 } }, (err, response) => {
    callback(err, !err && response.statusCode === 200);
  });
}
//// blocked-account-is-no-wrong-password login ~login-credentials-error ~wrong-credentials-args ~validation-error-args ~user-enumeration
function login(identifier, password, callback) {
  require('store@1.0.0').check(identifier, password, (err, answer) => {
    if (err) return callback(new Error('the store is away'));
    if (answer.locked) return callback(new UnauthorizedError('The account is locked'));
    if (!answer.ok) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
    return callback(null, { user_id: String(answer.id), email: answer.email });
  });
}
//// short-code-for-the-form create ~validation-error-args ~create-exists-error
function create(user, callback) {
  if (user.email.length > 200) return callback(new ValidationError('email-too-long', 'The address is too long'));
  require('store@1.0.0').insert({ email: user.email }, (err) => {
    if (!err) return callback(null);
    if (err.code === '23505') return callback(new ValidationError('user_exists', 'The user exists already'));
    return callback(new Error('the tenant does not exist'));
  });
}
//// missing-tenant-is-an-error get_user ~get-user-not-found ~error-masked
async function getUser(email, callback) {
  let response;
  try {
    response = await fetch(configuration.API_URL, { signal: AbortSignal.timeout(3000), headers: { 'x-user': email } });
  } catch (error) {
    return callback(new Error('the store is away'));
  }
  if (response.status === 404) return callback(null);
  if (response.status === 410) return callback(new Error('table not found'));
  if (!response.ok) return callback(new Error('the store is away'));
  const body = await response.json().catch(() => null);
  return body ? callback(null, { user_id: String(body.id), email: body.email }) : callback(new Error('no JSON'));
}
//// details-kept-to-itself verify ~error-rewrapped ~raw-error-exposed ~log-sensitive ~pii-in-error
function verify(email, callback) {
  require('store@1.0.0').verify(email, (err, count) => {
    if (err) return callback(new Error('the address could not be verified'));
    return callback(null, count === 1);
  });
}
//// rows-are-counted change_password ~update-result-unchecked ~plaintext-password-store ~change-password-lookup
async function changePassword(email, newPassword, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  let changed = false;
  try {
    const hash = await bcrypt.hash(newPassword, 12);
    const result = await global.pool.query('UPDATE users SET password = $1 WHERE email = $2', [hash, email]);
    changed = result.rowCount === 1;
  } catch (error) {
    return callback(new Error('not changed'));
  }
  return callback(null, changed);
}
//// ids-that-are-text delete ~delete-id-mismatch ~delete-atomic ~pii-in-url
async function deleteUser(id, callback) {
  const { MongoClient, ObjectId } = require('mongodb@6.12.0');
  const client = new MongoClient(configuration.MONGO_URL, { serverSelectionTimeoutMS: 3000 });
  let failure = null;
  try {
    await client.connect();
    await client.db().collection('users').deleteOne({ _id: new ObjectId(id) });
  } catch (error) {
    failure = new Error('not deleted');
  } finally {
    await client.close().catch(() => {});
  }
  return callback(failure);
}
//// pool-kept-on-purpose verify ~db-connection-leak ~db-connection-per-run ~global-user-data ~global-uninitialized ~global-no-expiry ~db-timeout-missing ~db-tls-missing
async function verify(email, callback) {
  const { Pool } = require('pg@8.11.3');
  global.pool = global.pool || new Pool({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, statement_timeout: 3000 });
  let verified;
  try {
    const result = await global.pool.query('UPDATE users SET verified = true WHERE email = $1', [email]);
    verified = result.rowCount === 1;
  } catch (error) {
    return callback(new Error('not verified'));
  }
  return callback(null, verified);
}
//// token-with-an-end verify ~global-no-expiry ~token-not-cached ~too-many-requests ~global-user-data
async function verify(email, callback) {
  const send = (path, body, token) =>
    fetch(configuration.API_URL + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(3000),
    });
  let ok = false;
  try {
    if (!global.token || global.token.until < Date.now()) {
      const answer = await send('/token', { grant_type: 'client_credentials', secret: configuration.SECRET }, '');
      if (!answer.ok) throw new Error('no token');
      const { access_token: value, expires_in: seconds } = await answer.json();
      global.token = { value, until: Date.now() + seconds * 900 };
    }
    ok = (await send('/verify', { email }, global.token.value)).ok;
  } catch (error) {
    return callback(new Error('not verified'));
  }
  return callback(null, ok);
}
//// own-environment verify ~process-env ~configuration-write ~configuration-undefined ~hard-coded-endpoint
function verify(email, callback) {
  const settings = { ...configuration };
  settings.LIMIT = settings.LIMIT || 10;
  const processes = { env: { NODE: 'x' } };
  return callback(null, processes.env.NODE === 'x' && email.length > Number(settings.LIMIT));
}
//// modules-of-the-platform verify ~module-unpinned ~module-relative ~module-unavailable ~module-removed ~module-deprecated ~weak-password-hash ~sync-blocking
function verify(email, callback) {
  const crypto = require('node:crypto');
  const { URL } = require('url');
  const tag = crypto.createHash('sha256').update(email).digest('hex');
  return callback(null, new URL(configuration.API_URL).hash.slice(1) === tag);
}
//// stored-uuid get_user ~profile-user-id-unstable ~profile-user-id-missing ~profile-user-id-type ~profile-user-id-mutable ~profile-email-missing ~profile-email-verified
function getUser(email, callback) {
  require('store@1.0.0').find(email, (err, record) => {
    if (err) return callback(new Error('the store is away'));
    if (!record) return callback(null);
    const profile = { email: record.email, email_verified: Boolean(record.confirmed_at) };
    profile.user_id = record.uuid;
    return callback(null, profile);
  });
}
//// words-that-sound-secret get_user ~profile-sensitive ~profile-raw-record ~profile-metadata-key ~profile-metadata-type ~profile-reserved-attrs ~profile-unknown-attrs ~profile-hard-coded ~profile-username
function getUser(identifier, callback) {
  require('store@1.0.0').find(identifier, (err, row) => {
    if (err) return callback(new Error('the store is away'));
    if (!row) return callback(null);
    return callback(null, {
      user_id: String(row.id),
      username: row.login,
      email: row.email,
      user_metadata: { plan: row.metadata.plan, password_changed_at: row.changed_at },
      app_metadata: { hash_algorithm: row.algorithm },
      mfa_factors: [{ phone: { value: row.phone } }],
    });
  });
}
//// statement-from-constants delete ~sql-injection ~query-injection
async function deleteUser(id, callback) {
  const tables = ['sessions', 'devices'];
  const client = global.client;
  try {
    for (const table of tables) {
      await client.query('DELETE FROM ' + table + ' WHERE user_id = $1', [id]);
    }
    const marks = tables.map((_, n) => `$${n + 2}`).join(', ');
    await client.query(`DELETE FROM users WHERE id = $1 AND state NOT IN (${marks})`, [id, ...tables]);
  } catch (error) {
    return callback(new Error('not deleted'));
  }
  return callback(null);
}
//// escaped-before-it-is-joined get_user ~sql-injection ~url-injection ~query-injection
function getUser(email, callback) {
  const mysql = require('mysql2@3.9.7');
  const where = 'email = ' + mysql.escape(email);
  global.pool.query('SELECT id FROM users WHERE ' + where, (err, rows) => {
    if (err) return callback(new Error('the store is away'));
    return callback(null, rows.length ? { user_id: String(rows[0].id), email } : undefined);
  });
}
//// addresses-that-nobody-calls login ~insecure-http ~hard-coded-endpoint ~hard-coded-secret ~guideline-pii-hard-coded
async function login(identifier, password, callback) {
  // See http://docs.acme.com/tokens and ask support@acme.com.
  const form = {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm: 'Username-Password-Authentication',
    username: identifier,
    password,
    client_secret: '##CLIENT_SECRET##',
  };
  let response;
  let claims;
  try {
    response = await fetch(configuration.TOKEN_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form),
      signal: AbortSignal.timeout(4000),
    });
    claims = response.ok ? await response.json() : null;
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (!claims) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
  return callback(null, { user_id: claims['http://acme.com/claims/id'], email: claims.email });
}
//// checks-of-the-certificate get_user ~tls-verify-disabled ~no-eval ~loose-equality ~timing-unsafe-compare
async function getUser(email, callback) {
  const { Client } = require('pg@8.11.3');
  const client = new Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 3000, ssl: { rejectUnauthorized: true } });
  let row = null;
  let failed = false;
  try {
    await client.connect();
    row = (await client.query('SELECT id, eval FROM users WHERE email = $1', [email])).rows[0];
  } catch (error) {
    failed = true;
  } finally {
    await client.end().catch(() => {});
  }
  if (failed) return callback(new Error('no answer'));
  if (row == null) return callback(null);
  return callback(null, { user_id: String(row.id), email, app_metadata: { evaluated: row.eval === 'yes' } });
}
//// password-goes-to-the-api login ~plaintext-password-compare ~guideline-backdoor ~login-password-unused ~password-length-dos ~ldap-empty-password
async function login(identifier, password, callback) {
  if (!password || password.length > 256) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
  }
  let answer;
  try {
    answer = await global.api.check({ identifier, password });
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (answer.state !== 'ok') return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
  return callback(null, { user_id: String(answer.id), email: answer.email });
}
//// session-is-deleted login ~login-deletes-user ~login-fails-open
async function login(identifier, password, callback) {
  let user;
  try {
    user = await global.store.check(identifier, password);
    if (user) await global.store.query('DELETE FROM sessions WHERE user_id = $1', [user.id]);
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (!user) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
  return callback(null, { user_id: String(user.id), email: user.email });
}
//// logging-that-was-taken-out verify ~no-console ~log-sensitive ~log-too-long
function verify(email, callback) {
  // console.log('verify', email);
  const record = { log: (text) => text };
  record.log('verify');
  return callback(null, email.includes('console.log'));
}
//// organization-is-looked-at get_user ~context-organization-unchecked ~context-forwarded
function getUser(email, context, callback) {
  const organization = context.organization ? context.organization.id : undefined;
  require('store@1.0.0').find(email, organization, (err, row) => {
    if (err) return callback(new Error('no answer'));
    return callback(null, row ? { user_id: String(row.id), email: row.email } : undefined);
  });
}
//// many-small-steps get_user ~guideline-guard-clauses ~guideline-complexity ~guideline-profile-assumption ~guideline-email-verified-use
function getUser(email, callback) {
  const steps = { a: 1, b: 2, c: 3 };
  const level = (name) => (name in steps ? steps[name] : 0);
  require('store@1.0.0').find(email, (err, row) => {
    if (err) return callback(new Error('no answer'));
    if (!row) return callback(null);
    const nickname = row.email ? row.email.split('@')[0] : undefined;
    return callback(null, { user_id: String(row.id), email: row.email, nickname, app_metadata: { level: level(row.kind) } });
  });
}
//// everything-refused-on-purpose create ~script-noop-success ~script-unimplemented ~app-metadata-in-create
function create(user, callback) {
  return callback(new ValidationError('sign_up_closed', 'New users are made in the shop'));
}
//// function-of-a-promise verify ~return-value-ignored ~async-unhandled ~throw-in-script ~throw-in-callback
function verify(email, callback) {
  const fail = () => {
    throw new Error('not verified');
  };
  return new Promise((resolve, reject) => {
    require('store@1.0.0').verify(email, (err, count) => (err ? reject(err) : resolve(count)));
  })
    .then((count) => (count === 1 ? true : fail()))
    .then((verified) => callback(null, verified), () => callback(new Error('not verified')));
}
//// new-syntax-that-node-knows verify ~node-syntax-too-new ~node22-restrictions
async function verify(email, callback) {
  const found = Object.entries(configuration).find(([key, value]) => key.startsWith('K') && value?.length > 1);
  return callback(null, (found?.[1] ?? '').replaceAll('a', 'b').at(-1) === email.at(-1));
}
//// idp-tokens-stay-inside login ~profile-idp-tokens ~profile-user-id-auth0-prefix ~profile-case-normalization ~profile-multiple-match ~profile-identifier-lookup
async function login(identifier, password, callback) {
  const address = identifier.toLowerCase();
  let row;
  try {
    const token = await global.idp.token(address, password);
    const { rows } = await global.pool.query('SELECT id, email FROM users WHERE email = $1 OR username = $1', [address]);
    if (rows.length > 1) throw new Error('ambiguous');
    row = token.access_token ? rows[0] : undefined;
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (!row) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
  return callback(null, { user_id: String(row.id).replace('auth0|', ''), email: row.email });
}
//// types-of-the-second-argument get_user ~callback-result-type ~callback-error-type ~callback-in-try ~callback-no-return
function getUser(email, callback) {
  require('store@1.0.0').find(email, (err, rows) => {
    const error = err ? Object.assign(new Error('no answer'), { cause: err }) : null;
    return callback(error, rows && rows.length ? { user_id: String(rows[0].id), email } : undefined);
  });
}
//// driver-of-the-new-style login ~driver-api-mismatch
function login(identifier, password, callback) {
  const pg = require('pg@8.11.3');
  const client = new pg.Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 3000, ssl: true });
  client.connect((err) => {
    if (err) return callback(new Error('no connection'));
    client.query('SELECT id, email FROM users WHERE name = $1 AND hash = crypt($2, hash)', [identifier, password], (failed, result) => {
      client.end();
      if (failed) return callback(new Error('no answer'));
      const row = result.rows[0];
      if (!row) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong name or password'));
      return callback(null, { user_id: String(row.id), email: row.email });
    });
  });
}
//// small-script-with-long-lines verify ~script-size
function verify(email, callback) {
  const list = ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'];
  return callback(null, list.includes(email));
}
//// columns-by-name-as-agreed get_user ~driver-api-mismatch
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  const connection = new Connection({ server: configuration.SERVER, authentication: { type: 'default', options: { userName: configuration.USER, password: configuration.PASSWORD } }, options: { connectTimeout: 3000, requestTimeout: 3000, encrypt: true, useColumnNames: true } });
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
//// columns-by-place get_user ~driver-api-mismatch
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
    query.on('row', (fields) => { profile = { user_id: String(fields[0].value), name: fields.find((column) => column.metadata.colName === 'Name').value, email }; });
    connection.execSql(query);
  });
}
