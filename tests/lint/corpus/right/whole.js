//// pg-pool-in-global login
async function login(identifier, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const { Pool } = require('pg@8.11.3');

  if (!global.userPool) {
    global.userPool = new Pool({
      connectionString: configuration.PG_URL,
      max: 4,
      connectionTimeoutMillis: 3000,
      statement_timeout: 4000,
      ssl: { ca: configuration.PG_CA },
    });
    global.userPool.on('error', () => {
      global.userPool = undefined;
    });
  }

  let client;
  let profile;
  let failure;
  try {
    client = await global.userPool.connect();
    const found = await client.query(
      'SELECT id, email, email_verified, password_hash FROM app_user WHERE lower(email) = lower($1) LIMIT 2',
      [identifier],
    );
    if (found.rowCount > 1) {
      throw new Error('more than one user has this address');
    }
    const row = found.rows[0];
    const matches = row ? await bcrypt.compare(password, row.password_hash) : false;
    if (matches) {
      profile = { user_id: String(row.id), email: row.email, email_verified: row.email_verified === true };
    } else {
      failure = new WrongUsernameOrPasswordError(row ? identifier : null, 'Wrong address or password');
    }
  } catch (problem) {
    failure = new Error('the user store cannot be asked now');
  } finally {
    if (client) client.release();
  }
  return failure ? callback(failure) : callback(null, profile);
}
//// mysql2-pool-with-callbacks get_user
function getUser(email, callback) {
  var mysql = require('mysql2@3.9.7');
  var pool = mysql.createPool({
    host: configuration.MYSQL_HOST,
    user: configuration.MYSQL_USER,
    password: configuration.MYSQL_PASSWORD,
    database: configuration.MYSQL_DATABASE,
    connectTimeout: 3000,
    ssl: { ca: configuration.MYSQL_CA }
  });

  function finish(err, profile) {
    pool.end(function () {
      if (err) {
        callback(err);
      } else if (profile) {
        callback(null, profile);
      } else {
        callback(null);
      }
    });
  }

  pool.getConnection(function (err, connection) {
    if (err) return finish(new Error('no connection to the user store'));
    connection.query(
      { sql: 'SELECT id, email, nick, confirmed FROM users WHERE email = ?', timeout: 4000 },
      [email],
      function (err, rows) {
        connection.release();
        if (err) return finish(new Error('the user store did not answer'));
        if (rows.length === 0) return finish(null);
        if (rows.length > 1) return finish(new Error('several users share this address'));
        return finish(null, {
          user_id: rows[0].id.toString(),
          email: rows[0].email,
          nickname: rows[0].nick,
          email_verified: rows[0].confirmed === 1
        });
      }
    );
  });
}
//// mongodb-create-with-duplicate create
async function create(user, callback) {
  const { MongoClient } = require('mongodb@6.12.0');
  const bcrypt = require('bcrypt@5.1.1');
  const DUPLICATE_KEY = 11000;
  const client = new MongoClient(configuration.MONGO_URL, {
    serverSelectionTimeoutMS: 4000,
    connectTimeoutMS: 4000,
  });

  let outcome = null;
  try {
    await client.connect();
    const users = client.db(configuration.MONGO_DB).collection('users');
    const password = await bcrypt.hash(user.password, 12);
    await users.insertOne({
      email: user.email.toLowerCase(),
      username: user.username,
      password,
      emailVerified: false,
      createdAt: new Date(),
    });
  } catch (e) {
    if (e.code === DUPLICATE_KEY) {
      outcome = new ValidationError('user_exists', 'This address is taken already');
    } else {
      outcome = new Error('the user could not be stored');
    }
  } finally {
    await client.close().catch(() => undefined);
  }
  if (outcome) {
    return callback(outcome);
  }
  return callback(null);
}
//// tedious-events-with-a-guard get_user
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  let finished = false;
  let record = null;

  const connection = new Connection({
    server: configuration.SQL_SERVER,
    authentication: {
      type: 'default',
      options: { userName: configuration.SQL_USER, password: configuration.SQL_PASSWORD },
    },
    options: { database: configuration.SQL_DATABASE, encrypt: true, connectTimeout: 4000, requestTimeout: 4000 },
  });

  const finish = (error, profile) => {
    if (finished) return;
    finished = true;
    connection.close();
    if (error) return callback(error);
    return profile ? callback(null, profile) : callback(null);
  };

  connection.on('error', () => finish(new Error('the connection to the user store broke')));
  connection.on('connect', (error) => {
    if (error) return finish(new Error('no connection to the user store'));
    const request = new Request('SELECT UserId, Email, Verified FROM dbo.AppUsers WHERE Email = @email', (failed) => {
      if (failed) return finish(new Error('the user store did not answer'));
      return finish(null, record);
    });
    request.addParameter('email', TYPES.NVarChar, email);
    request.on('row', (columns) => {
      record = {
        user_id: String(columns[0].value),
        email: columns[1].value,
        email_verified: columns[2].value === true,
      };
    });
    connection.execSql(request);
  });
  connection.connect();
}
//// axios-then-with-two-handlers login
function login(userName, password, callback) {
  const axios = require('axios@1.7.9');
  const api = axios.create({
    baseURL: configuration.API_URL,
    timeout: 4500,
    headers: { 'x-api-key': configuration.API_KEY },
  });

  api.post('/sessions', { login: userName, password })
    .then(({ data }) => {
      if (!data || !data.id) {
        throw new Error('the user API answered without an id');
      }
      return {
        user_id: String(data.id),
        email: data.email,
        email_verified: data.emailVerified === true,
        given_name: data.firstName,
        family_name: data.lastName,
      };
    })
    .then(
      (profile) => callback(null, profile),
      (error) => {
        const status = error.response ? error.response.status : undefined;
        if (status === 401 || status === 404) {
          return callback(new WrongUsernameOrPasswordError(userName, 'Wrong user name or password'));
        }
        return callback(new Error('the user API is not available'));
      },
    );
}
//// fetch-with-token-cache-and-retry verify
async function verify(email, callback) {
  const attempts = 2;

  async function token() {
    const cached = global.apiToken;
    if (cached && cached.until > Date.now()) return cached.value;
    const response = await fetch(`${configuration.AUTH_URL}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: configuration.CLIENT_ID,
        client_secret: configuration.CLIENT_SECRET,
        audience: configuration.API_URL,
      }),
      signal: AbortSignal.timeout(4000),
    });
    if (!response.ok) throw new Error(`no token: status ${response.status}`);
    const answer = await response.json();
    global.apiToken = { value: answer.access_token, until: Date.now() + (answer.expires_in - 60) * 1000 };
    return answer.access_token;
  }

  let verified = false;
  let lastError = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      const response = await fetch(`${configuration.API_URL}/verifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email }),
        signal: AbortSignal.timeout(4000),
      });
      if (response.status === 404) {
        lastError = null;
        break;
      }
      if (!response.ok) throw new Error(`status ${response.status}`);
      verified = true;
      lastError = null;
      break;
    } catch (error) {
      lastError = error;
    }
  }
  if (lastError) return callback(new Error('the address could not be verified now'));
  return callback(null, verified);
}
//// ldapjs-search-then-bind login
function login(username, password, callback) {
  const ldap = require('ldapjs@2.3.3');
  if (!password) {
    return callback(new WrongUsernameOrPasswordError(username, 'Wrong user name or password'));
  }
  const client = ldap.createClient({
    url: configuration.LDAP_URL,
    timeout: 4000,
    connectTimeout: 4000,
    tlsOptions: { ca: [configuration.LDAP_CA] },
  });
  let called = false;
  const answer = function (err, profile) {
    if (called) return;
    called = true;
    client.destroy();
    callback(err, profile);
  };

  client.on('error', function () {
    answer(new Error('the directory cannot be reached'));
  });

  client.bind(configuration.LDAP_BIND_DN, configuration.LDAP_BIND_PASSWORD, function (bindError) {
    if (bindError) return answer(new Error('the directory refused the service account'));
    const filter = new ldap.EqualityFilter({ attribute: 'sAMAccountName', value: username });
    const options = { scope: 'sub', filter, attributes: ['dn', 'objectGUID', 'mail', 'cn'] };
    client.search(configuration.LDAP_BASE, options, function (searchError, search) {
      if (searchError) return answer(new Error('the directory did not search'));
      let entry = null;
      search.on('searchEntry', function (found) {
        entry = found.object;
      });
      search.on('error', function () {
        answer(new Error('the directory did not answer'));
      });
      search.on('end', function () {
        if (!entry) return answer(new WrongUsernameOrPasswordError(null, 'Wrong user name or password'));
        client.bind(entry.dn, password, function (wrong) {
          if (wrong && wrong.code === 49) {
            return answer(new WrongUsernameOrPasswordError(username, 'Wrong user name or password'));
          }
          if (wrong) return answer(new Error('the directory did not answer'));
          return answer(null, { user_id: String(entry.objectGUID), email: entry.mail, name: entry.cn });
        });
      });
    });
  });
}
//// request-with-a-status-switch create
function create(user, callback) {
  const request = require('request@2.88.2');
  request.post(
    {
      url: configuration.API_URL + '/users',
      headers: { Authorization: 'Bearer ' + configuration.API_TOKEN },
      json: { email: user.email, password: user.password, name: user.username },
      timeout: 5000
    },
    function (err, response) {
      if (err) {
        return callback(new Error('the user API cannot be reached'));
      }
      switch (response.statusCode) {
        case 200:
        case 201:
          return callback(null);
        case 409:
          return callback(new ValidationError('user_exists', 'The user exists already'));
        case 422:
          return callback(new ValidationError('invalid_user', 'The user was refused'));
        default:
          return callback(new Error('the user API answered ' + response.statusCode));
      }
    }
  );
}
//// chain-with-an-early-catch change_password
function changePassword(email, newPassword, callback) {
  const axios = require('axios@1.7.9');
  const settings = { timeout: 4000, headers: { Authorization: `Bearer ${configuration.TOKEN}` } };

  axios.get(configuration.API_URL + '/users', { ...settings, params: { q: 'active' } })
    .catch((error) => {
      if (error.response && error.response.status === 404) return { data: [] };
      throw error;
    })
    .then((answer) => answer.data.find((one) => one.email === email.toLowerCase()))
    .then((found) => {
      if (!found) return false;
      return axios
        .put(`${configuration.API_URL}/users/${encodeURIComponent(found.id)}/password`, { newPassword }, settings)
        .then(() => true);
    })
    .then((changed) => callback(null, changed), () => callback(new Error('the password was not changed')));
}
//// three-callbacks-deep login
function login(email, password, callback) {
  const { Client } = require('pg@8.11.3');
  const bcrypt = require('bcrypt@5.1.1');
  const client = new Client({
    host: configuration.DB_HOST,
    user: configuration.DB_USER,
    password: configuration.DB_PASSWORD,
    database: configuration.DB_NAME,
    connectionTimeoutMillis: 3000,
    query_timeout: 4000,
    ssl: { ca: configuration.DB_CA },
  });
  client.connect(function (connectError) {
    if (connectError) {
      return callback(new Error('the user store cannot be reached'));
    }
    client.query('SELECT id, email, hash FROM people WHERE email = $1', [email], function (queryError, result) {
      client.end(function () {
        if (queryError) {
          return callback(new Error('the user store did not answer'));
        }
        if (result.rows.length === 0) {
          return callback(new WrongUsernameOrPasswordError(null, 'Wrong address or password'));
        }
        const person = result.rows[0];
        bcrypt.compare(password, person.hash, function (compareError, same) {
          if (compareError) {
            return callback(new Error('the password could not be compared'));
          }
          if (!same) {
            return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
          }
          return callback(null, { user_id: person.id.toString(), email: person.email });
        });
      });
    });
  });
}
//// node-https-with-settled-flag get_user
function getUser(identifier, callback) {
  const https = require('https');
  let settled = false;
  function settle(error, profile) {
    if (settled) {
      return;
    }
    settled = true;
    if (error) {
      callback(error);
      return;
    }
    callback(null, profile);
  }

  const url = new URL('/users/by-login', configuration.API_URL);
  const request = https.request(
    url,
    {
      method: 'POST',
      timeout: 5000,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${configuration.API_TOKEN}` },
    },
    (response) => {
      const chunks = [];
      response.setEncoding('utf8');
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', settle);
      response.on('end', () => {
        if (response.statusCode === 404) return settle(null);
        if (response.statusCode !== 200) return settle(new Error(`the user API answered ${response.statusCode}`));
        let user;
        try {
          user = JSON.parse(chunks.join(''));
        } catch (error) {
          return settle(new Error('the user API sent no JSON'));
        }
        return settle(null, { user_id: String(user.id), email: user.email });
      });
    },
  );
  request.on('timeout', () => request.destroy(new Error('the user API is too slow')));
  request.on('error', settle);
  request.end(JSON.stringify({ login: identifier }));
}
//// waterfall-of-steps change_password
function changePassword(email, newPassword, callback) {
  const async = require('async@3.2.5');
  const bcrypt = require('bcrypt@5.1.1');
  const mysql = require('mysql2@3.9.7');
  const connection = mysql.createConnection({
    host: configuration.HOST,
    user: configuration.USER,
    password: configuration.PASSWORD,
    database: configuration.DATABASE,
    connectTimeout: 4000,
    ssl: { ca: configuration.CA },
  });
  async.waterfall(
    [
      function (next) {
        bcrypt.hash(newPassword, 12, next);
      },
      function (hash, next) {
        const sql = 'UPDATE users SET password = ? WHERE email = ?';
        connection.query({ sql, timeout: 4000 }, [hash, email], next);
      },
      function (result, fields, next) {
        next(null, result.affectedRows === 1);
      },
    ],
    function (err, changed) {
      connection.end();
      if (err) return callback(new Error('the password was not changed'));
      return callback(null, changed);
    },
  );
}
//// class-of-its-own get_user
async function getUser(email, callback) {
  class Store {
    constructor(base, token) {
      this.base = base;
      this.token = token;
    }

    async find(address) {
      const response = await fetch(`${this.base}/search`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ address }),
        signal: AbortSignal.timeout(5000),
      });
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.json();
    }
  }

  const store = new Store(configuration.BASE_URL, configuration.BASE_TOKEN);
  let person;
  try {
    person = await store.find(email);
  } catch (error) {
    return callback(new Error('the user store is away'));
  }
  if (!person) return callback(null);
  return callback(null, { user_id: String(person.id), email: person.email, name: person.name });
}
//// async-main-with-one-catch create
function create(user, callback) {
  const { Pool } = require('pg@8.11.3');
  const bcrypt = require('bcrypt@5.1.1');

  const run = async () => {
    const pool = new Pool({
      connectionString: configuration.PG_URL,
      connectionTimeoutMillis: 3000,
      query_timeout: 4000,
      ssl: true,
    });
    try {
      const hash = await bcrypt.hash(user.password, 10);
      await pool.query('INSERT INTO users (email, hash) VALUES ($1, $2)', [user.email, hash]);
    } finally {
      await pool.end();
    }
  };

  run().then(
    () => callback(null),
    (error) => {
      if (error.code === '23505') {
        callback(new ValidationError('user_exists', 'The user exists already'));
      } else {
        callback(new Error('the user was not stored'));
      }
    },
  );
}
//// failover-over-hosts delete
async function deleteUser(id, callback) {
  const hosts = [configuration.PRIMARY_URL, configuration.SECONDARY_URL];
  let error = new Error('no host answered');
  for (const host of hosts) {
    let response;
    try {
      response = await fetch(`${host}/users/${encodeURIComponent(id)}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${configuration.TOKEN}` },
        signal: AbortSignal.timeout(3000),
      });
    } catch (unreachable) {
      continue;
    }
    if (response.ok || response.status === 404) {
      error = null;
      break;
    }
    error = new Error(`the user store answered ${response.status}`);
  }
  return error ? callback(error) : callback(null);
}
//// object-of-handlers login
function login(identifier, password, callback) {
  const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require('amazon-cognito-identity-js@6.3.12');
  const pool = new CognitoUserPool({ UserPoolId: configuration.POOL_ID, ClientId: configuration.POOL_CLIENT });
  const user = new CognitoUser({ Username: identifier, Pool: pool });
  const details = new AuthenticationDetails({ Username: identifier, Password: password });
  const codes = ['NotAuthorizedException', 'UserNotFoundException'];

  user.authenticateUser(details, {
    onSuccess: function (session) {
      const claims = session.getIdToken().payload;
      return callback(null, {
        user_id: claims.sub,
        email: claims.email,
        email_verified: claims.email_verified === true
      });
    },
    onFailure: function (err) {
      if (codes.indexOf(err.code) >= 0) {
        return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));
      }
      return callback(new Error('the user pool is not available'));
    },
    newPasswordRequired: function () {
      return callback(new UnauthorizedError('A new password must be set first'));
    }
  });
}
//// two-lookups-at-once get_user
async function getUser(identifier, callback) {
  const headers = { authorization: `Bearer ${configuration.TOKEN}`, 'content-type': 'application/json' };
  const ask = async (path) => {
    const response = await fetch(configuration.API_URL + path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ identifier }),
      signal: AbortSignal.timeout(5000),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  };
  let account;
  let roles;
  try {
    [account, roles] = await Promise.all([ask('/accounts/search'), ask('/roles/search')]);
  } catch (error) {
    return callback(new Error('the user store is not available'));
  }
  return account
    ? callback(null, { user_id: String(account.id), email: account.email, app_metadata: { roles: roles || [] } })
    : callback(null);
}
//// sequelize-like-with-done change_email
function changeEmail(email, newEmail, verified, callback) {
  const mssql = require('mssql@11.0.1');
  const done = function (error, changed) {
    mssql.close().then(
      function () { callback(error || null, changed); },
      function () { callback(error || null, changed); }
    );
  };
  mssql.connect({
    server: configuration.SERVER,
    user: configuration.USER,
    password: configuration.PASSWORD,
    database: configuration.DATABASE,
    connectionTimeout: 4000,
    requestTimeout: 4000,
    options: { encrypt: true }
  }).then(function (pool) {
    return pool.request()
      .input('old', mssql.NVarChar, email)
      .input('new', mssql.NVarChar, newEmail)
      .input('verified', mssql.Bit, verified)
      .query('UPDATE Users SET Email = @new, Verified = @verified WHERE Email = @old');
  }).then(function (result) {
    done(null, result.rowsAffected[0] === 1);
  }, function () {
    done(new Error('the address was not changed'));
  });
}
//// typescript-output login
async function login(email, password, callback) {
    var __awaiter = function (thisArg, generator) {
        return new Promise(function (resolve, reject) {
            function step(result) { result.done ? resolve(result.value) : Promise.resolve(result.value).then(fulfilled, reject); }
            function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
            generator = generator.apply(thisArg, []);
            step(generator.next());
        });
    };
    const check = () => __awaiter(this, function* () {
        const response = yield fetch(configuration.API_URL + '/login', {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email, password }), signal: AbortSignal.timeout(5000)
        });
        if (response.status === 401) return null;
        if (!response.ok) throw new Error('status ' + response.status);
        return yield response.json();
    });
    let user;
    try { user = await check(); } catch (e) { return callback(new Error('the store is away')); }
    if (!user) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
    return callback(null, { user_id: String(user.id), email: user.email });
}
//// request-promise-with-finally get_user
function getByEmail(email, callback) {
  const rp = require('request-promise@4.2.6');
  const started = Date.now();
  let slow = false;
  rp({ method: 'POST', uri: configuration.API_URL + '/find', body: { email }, json: true, timeout: 6000 })
    .then(function (body) {
      if (!body.user) { return null; }
      return { user_id: 'crm|' + body.user.id, email: body.user.email, name: body.user.display_name };
    })
    .finally(function () { slow = Date.now() - started > 3000; })
    .then(
      function (profile) { return profile ? callback(null, profile) : callback(null); },
      function (failure) {
        if (failure.statusCode === 404) { return callback(null); }
        return callback(new Error(slow ? 'the CRM is slow' : 'the CRM is away'));
      }
    );
}
//// dynamodb-v3 get_user
async function getUser(email, callback) {
  const { DynamoDBClient } = require('@aws-sdk/client-dynamodb@3.600.0');
  const { DynamoDBDocumentClient, QueryCommand } = require('@aws-sdk/lib-dynamodb@3.600.0');
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({
    region: configuration.AWS_REGION,
    credentials: { accessKeyId: configuration.AWS_KEY, secretAccessKey: configuration.AWS_SECRET },
    requestHandler: { requestTimeout: 4000, connectionTimeout: 2000 },
  }));
  let item;
  let failed = false;
  try {
    const { Items } = await client.send(new QueryCommand({
      TableName: configuration.TABLE,
      IndexName: 'by-email',
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': email },
      Limit: 1,
    }));
    item = Items && Items[0];
  } catch (err) {
    failed = true;
  } finally {
    client.destroy();
  }
  if (failed) return callback(new Error('the table cannot be read'));
  if (!item) return callback(null);
  return callback(null, { user_id: item.pk, email: item.email, email_verified: item.verified === true });
}
//// knex-transaction delete
async function deleteUser(id, callback) {
  const knex = require('knex@3.1.0')({
    client: 'pg',
    connection: { connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, ssl: true },
    acquireConnectionTimeout: 4000,
  });
  let failure = null;
  try {
    await knex.transaction(async (trx) => {
      await trx('sessions').where({ user_id: id }).del();
      const count = await trx('users').where({ id }).del();
      if (count !== 1) throw new Error('no such user');
    });
  } catch (err) {
    failure = new Error('the user was not deleted');
  }
  await knex.destroy().catch(() => {});
  return failure ? callback(failure) : callback(null);
}
//// got-with-hooks create
async function create(user, callback) {
  const got = require('got@11.8.6');
  const client = got.extend({ prefixUrl: configuration.API_URL, timeout: { request: 5000 }, retry: 0, responseType: 'json' });
  let error = null;
  try {
    await client.post('members', { json: { mail: user.email, secret: user.password } });
  } catch (e) {
    switch (e.response && e.response.statusCode) {
      case 409:
        error = new ValidationError('user_exists', 'This address has an account already');
        break;
      case 400:
        error = new ValidationError('bad_input', 'The member was refused');
        break;
      default:
        error = new Error('the member API is away');
    }
  }
  callback(error);
}
//// self-and-prototype change_password
function changePassword(email, newPassword, callback) {
  var crypto = require('crypto');
  var pg = require('pg@8.11.3');
  function Store(url) { this.client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true }); }
  Store.prototype.run = function (sql, values, done) {
    var self = this;
    self.client.connect(function (err) {
      if (err) return done(err);
      self.client.query(sql, values, function (failed, result) {
        self.client.end(function () { done(failed, result); });
      });
    });
  };
  var salt = crypto.randomBytes(16);
  crypto.scrypt(newPassword, salt, 64, function (err, key) {
    if (err) return callback(new Error('no hash'));
    var store = new Store(configuration.PG_URL);
    store.run('UPDATE users SET hash = $1, salt = $2 WHERE email = $3', [key, salt, email], function (failed, result) {
      if (failed) return callback(new Error('not changed'));
      return callback(null, result.rowCount === 1);
    });
  });
}
//// promise-race-timeout login
function login(identifier, password, callback) {
  const { Pool } = require('pg@8.11.3');
  const argon2 = require('argon2@0.40.3');
  const pool = (global.pool = global.pool || new Pool({ connectionString: configuration.PG_URL, max: 2, connectionTimeoutMillis: 3000, query_timeout: 5000, ssl: true }));
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), 8000);
  });
  const work = pool
    .query('SELECT id, email, hash FROM users WHERE login = $1', [identifier])
    .then(async ({ rows: [row] }) => {
      if (!row || !(await argon2.verify(row.hash, password))) return null;
      return { user_id: `pg|${row.id}`, email: row.email, email_verified: false };
    });
  Promise.race([work, limit])
    .finally(() => clearTimeout(timer))
    .then(
      (profile) => (profile ? callback(null, profile) : callback(new WrongUsernameOrPasswordError(identifier, 'Wrong login'))),
      () => callback(new Error('the store is away')),
    );
}
//// once-and-xml verify
function verify(email, callback) {
  const soap = require('soap@1.0.4');
  const once = (fn) => { let ran = false; return (...args) => { if (!ran) { ran = true; fn(...args); } }; };
  const done = once(callback);
  const timer = setTimeout(() => done(new Error('the service is too slow')), 9000);
  soap.createClient(configuration.WSDL_URL, (err, client) => {
    if (err) { clearTimeout(timer); return done(new Error('no description of the service')); }
    client.MarkVerified({ address: email }, (failed, result) => {
      clearTimeout(timer);
      if (failed) return done(new Error('the service did not answer'));
      return done(null, result.MarkVerifiedResult === 'true');
    });
  });
}
