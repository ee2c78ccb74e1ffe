//// pg-missing-return login callback-multiple@13 callback-multiple@17 callback-multiple@18 callback-multiple@19
function login(email, password, callback) {
  const { Client } = require('pg@8.11.3');
  const bcrypt = require('bcrypt@5.1.1');
  const client = new Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true });
  client.connect((err) => {
    if (err) return callback(new Error('no connection'));
    client.query('SELECT id, email, hash FROM users WHERE email = $1', [email], (err, result) => {
      client.end();
      if (err) {
        callback(new Error('no answer'));
      }
      if (!result || result.rows.length === 0) {
        return callback(new WrongUsernameOrPasswordError(null, 'Wrong address or password'));
      }
      const user = result.rows[0];
      bcrypt.compare(password, user.hash, (err, same) => {
        if (err) return callback(new Error('no comparison'));
        if (!same) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
        return callback(null, { user_id: String(user.id), email: user.email });
      });
    });
  });
}
//// mysql-empty-result-forgotten get_user callback-missing@12
function getUser(email, callback) {
  const mysql = require('mysql2@3.9.7');
  const connection = mysql.createConnection({
    host: configuration.HOST, user: configuration.USER, password: configuration.PASSWORD,
    database: configuration.DATABASE, connectTimeout: 4000, ssl: { ca: configuration.CA },
  });
  connection.query({ sql: 'SELECT id, email FROM users WHERE email = ?', timeout: 4000 }, [email], (err, rows) => {
    connection.end();
    if (err) {
      return callback(new Error('no answer'));
    }
    if (rows.length > 0) {
      const row = rows[0];
      return callback(null, { user_id: String(row.id), email: row.email });
    }
  });
}
//// mongodb-without-try change_password async-unhandled@5 async-unhandled@6 async-unhandled@8 async-unhandled@9
async function changePassword(email, newPassword, callback) {
  const { MongoClient } = require('mongodb@6.12.0');
  const bcrypt = require('bcrypt@5.1.1');
  const client = new MongoClient(configuration.MONGO_URL, { serverSelectionTimeoutMS: 4000 });
  const hash = await bcrypt.hash(newPassword, 12);
  await client.connect();
  const users = client.db('shop').collection('users');
  const result = await users.updateOne({ email }, { $set: { hash } });
  await client.close();
  return callback(null, result.modifiedCount === 1);
}
//// tedious-two-answers get_user callback-multiple@10?
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.6.1');
  const connection = new Connection({
    server: configuration.SERVER,
    authentication: { type: 'default', options: { userName: configuration.USER, password: configuration.PASSWORD } },
    options: { database: configuration.DATABASE, encrypt: true, connectTimeout: 4000, requestTimeout: 4000 },
  });
  let profile;
  connection.on('errorMessage', (info) => {
    callback(new Error(info.message));
  });
  connection.on('connect', (err) => {
    if (err) return callback(new Error('no connection'));
    const request = new Request('SELECT Id, Email FROM Users WHERE Email = @email', (err) => {
      connection.close();
      if (err) return callback(new Error('no answer'));
      return callback(null, profile);
    });
    request.addParameter('email', TYPES.NVarChar, email);
    request.on('row', (columns) => {
      profile = { user_id: String(columns[0].value), email: columns[1].value };
    });
    connection.execSql(request);
  });
  connection.connect();
}
//// axios-chain-without-catch verify async-unhandled@3
function verify(email, callback) {
  const axios = require('axios@1.7.9');
  axios
    .post(configuration.API_URL + '/verify', { email }, { timeout: 4000 })
    .then((response) => {
      callback(null, response.data.verified === true);
    });
}
//// fetch-catch-only-remembers login callback-missing@15
async function login(identifier, password, callback) {
  try {
    const response = await fetch(`${configuration.API_URL}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier, password }),
      signal: AbortSignal.timeout(5000),
    });
    if (response.status === 401) {
      return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    const user = await response.json();
    return callback(null, { user_id: String(user.id), email: user.email });
  } catch (error) {
    global.lastFailure = Date.now();
  }
}
//// ldap-entry-and-end get_user callback-multiple@10?
function getUser(email, callback) {
  const ldap = require('ldapjs@2.3.3');
  const client = ldap.createClient({ url: configuration.LDAP_URL, timeout: 4000, connectTimeout: 4000 });
  client.bind(configuration.DN, configuration.PASSWORD, (err) => {
    if (err) return callback(new Error('no directory'));
    const filter = new ldap.EqualityFilter({ attribute: 'mail', value: email });
    client.search(configuration.BASE, { scope: 'sub', filter }, (err, search) => {
      if (err) return callback(new Error('no search'));
      search.on('searchEntry', (entry) => {
        callback(null, { user_id: String(entry.object.uidNumber), email: entry.object.mail });
      });
      search.on('error', () => callback(new Error('no answer')));
      search.on('end', () => {
        client.unbind();
        callback(null);
      });
    });
  });
}
//// request-status-without-else create callback-missing@11
function create(user, callback) {
  const request = require('request@2.88.2');
  request.post({
    url: configuration.API_URL + '/users',
    json: { email: user.email, password: user.password },
    timeout: 5000
  }, function (err, response) {
    if (err) return callback(new Error('the API cannot be reached'));
    if (response.statusCode === 409) {
      return callback(new ValidationError('user_exists', 'The user exists already'));
    } else if (response.statusCode === 201) {
      return callback(null);
    }
  });
}
//// chain-calls-too-early login callback-multiple@11 callback-multiple@15? callback-multiple@17?
function login(identifier, password, callback) {
  const axios = require('axios@1.7.9');
  axios.post(configuration.API_URL + '/login', { identifier, password }, { timeout: 4000 })
    .then((response) => {
      if (response.data.locked) {
        return callback(new UnauthorizedError('The account is locked'));
      }
      return response.data;
    })
    .then((user) => {
      return callback(null, { user_id: String(user.id), email: user.email });
    })
    .catch((error) => {
      if (error.response && error.response.status === 401) {
        return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));
      }
      return callback(new Error('the API is away'));
    });
}
//// throw-inside-a-driver-callback get_user throw-in-callback@5
function getUser(email, callback) {
  const { Client } = require('pg@8.11.3');
  const client = new Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true });
  client.connect(function (err) {
    if (err) throw err;
    client.query('SELECT id, email FROM users WHERE email = $1', [email], function (err, result) {
      client.end();
      if (err) return callback(new Error('no answer'));
      const row = result.rows[0];
      return row ? callback(null, { user_id: String(row.id), email: row.email }) : callback(null);
    });
  });
}
//// wrong-password-goes-on login callback-multiple@15
function login(username, password, callback) {
  const mysql = require('mysql2@3.9.7');
  const bcrypt = require('bcrypt@5.1.1');
  const connection = mysql.createConnection({
    host: configuration.HOST, user: configuration.USER, password: configuration.PASSWORD,
    database: configuration.DATABASE, connectTimeout: 4000, ssl: { ca: configuration.CA },
  });
  connection.query({ sql: 'SELECT id, email, hash FROM users WHERE name = ?', timeout: 4000 }, [username], function (err, rows) {
    connection.end();
    if (err) return callback(new Error('no answer'));
    if (!rows.length) return callback(new WrongUsernameOrPasswordError(null, 'Wrong user name or password'));
    bcrypt.compare(password, rows[0].hash, function (err, ok) {
      if (err) return callback(new Error('no comparison'));
      if (!ok) callback(new WrongUsernameOrPasswordError(username, 'Wrong user name or password'));
      return callback(null, { user_id: String(rows[0].id), email: rows[0].email });
    });
  });
}
//// timer-without-guard verify callback-multiple@4
function verify(email, callback) {
  const request = require('request@2.88.2');
  setTimeout(function () {
    callback(new Error('the API is too slow'));
  }, 8000);
  request.post({ url: configuration.API_URL + '/verify', json: { email: email }, timeout: 5000 }, function (err, response) {
    if (err || response.statusCode !== 200) {
      return callback(new Error('not verified'));
    }
    return callback(null, true);
  });
}
//// answer-for-every-row get_user callback-multiple@10
function getUser(email, callback) {
  const { Client } = require('pg@8.11.3');
  const client = new Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true });
  client.connect((err) => {
    if (err) return callback(new Error('no connection'));
    client.query('SELECT id, email FROM users WHERE email = $1', [email], (err, result) => {
      client.end();
      if (err) return callback(new Error('no answer'));
      result.rows.forEach((row) => {
        callback(null, { user_id: String(row.id), email: row.email });
      });
    });
  });
}
//// case-falls-through create callback-multiple@20
async function create(user, callback) {
  let response;
  try {
    response = await fetch(`${configuration.API_URL}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: user.email, password: user.password }),
      signal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    return callback(new Error('the API cannot be reached'));
  }
  switch (response.status) {
    case 201:
      callback(null);
      break;
    case 409:
      callback(new ValidationError('user_exists', 'The user exists already'));
    default:
      callback(new Error(`the API answered ${response.status}`));
  }
}
//// finally-answers-again delete callback-multiple@13
async function deleteUser(id, callback) {
  const { Pool } = require('pg@8.11.3');
  const pool = new Pool({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true });
  try {
    const result = await pool.query('DELETE FROM users WHERE id = $1', [id]);
    if (result.rowCount !== 1) {
      return callback(new Error('no such user'));
    }
  } catch (error) {
    return callback(new Error('the user was not deleted'));
  } finally {
    await pool.end().catch(() => undefined);
    callback(null);
  }
}
//// every-host-answers delete callback-multiple@8 callback-multiple@9?
function deleteUser(id, callback) {
  const axios = require('axios@1.7.9');
  const hosts = [configuration.FIRST_URL, configuration.SECOND_URL];
  hosts.map(function (host) {
    return axios
      .delete(host + '/users/' + encodeURIComponent(id), { timeout: 4000 })
      .then(
        function () { callback(null); },
        function () { callback(new Error('not deleted')); }
      );
  });
}
//// async-function-for-a-driver change_password async-unhandled@7 async-unhandled@8 async-unhandled@9
function changePassword(email, newPassword, callback) {
  const { Client } = require('pg@8.11.3');
  const bcrypt = require('bcrypt@5.1.1');
  const client = new Client({ connectionString: configuration.PG_URL, connectionTimeoutMillis: 3000, query_timeout: 4000, ssl: true });
  client.connect(async (err) => {
    if (err) return callback(new Error('no connection'));
    const hash = await bcrypt.hash(newPassword, 12);
    const result = await client.query('UPDATE users SET hash = $1 WHERE email = $2', [hash, email]);
    await client.end();
    return callback(null, result.rowCount === 1);
  });
}
//// helper-leaves-early login callback-missing@5
function login(identifier, password, callback) {
  const axios = require('axios@1.7.9');
  function respond(body) {
    if (!body || body.blocked) {
      return;
    }
    callback(null, { user_id: String(body.id), email: body.email });
  }
  axios.post(`${configuration.API_URL}/login`, { identifier, password }, { timeout: 4500 }).then(
    (response) => respond(response.data),
    (error) => {
      if (error.response && error.response.status === 401) {
        return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));
      }
      return callback(new Error('the API is away'));
    },
  );
}
//// awaited-in-loop-without-exit delete callback-missing@5
async function deleteUser(id, callback) {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const response = await fetch(`${configuration.API_URL}/users/${encodeURIComponent(id)}`, { method: 'DELETE', signal: AbortSignal.timeout(3000) });
      if (response.ok) return callback(null);
    } catch (error) {
      if (attempt === 2) return callback(new Error('not deleted'));
    }
  }
}
//// nested-then-not-returned create async-unhandled@5
function create(user, callback) {
  const axios = require('axios@1.7.9');
  axios.post(configuration.API_URL + '/users', { email: user.email, password: user.password }, { timeout: 4000 })
    .then((response) => {
      axios.post(configuration.API_URL + '/mail', { id: response.data.id }, { timeout: 4000 }).then(() => callback(null));
    })
    .catch(() => callback(new Error('not created')));
}
//// error-event-forgotten get_user callback-missing@13?
function getUser(email, callback) {
  const https = require('https');
  const request = https.request(new URL('/find', configuration.API_URL), { method: 'POST', timeout: 4000 }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    response.on('end', () => {
      if (response.statusCode !== 200) return callback(new Error('refused'));
      let user;
      try { user = JSON.parse(text); } catch (e) { return callback(new Error('no JSON')); }
      return callback(null, { user_id: String(user.id), email: user.email });
    });
  });
  request.on('error', () => {});
  request.end(JSON.stringify({ email }));
}
//// guard-set-but-not-asked verify callback-multiple@12
function verify(email, callback) {
  const store = require('store@1.0.0').open(configuration.URL);
  let done = false;
  store.on('error', (err) => {
    done = true;
    callback(new Error('the store broke'));
  });
  store.verify(email, (err, count) => {
    store.close();
    if (err) callback(new Error('not verified'));
    done = true;
    return callback(null, count === 1);
  });
}
//// both-then-and-after login callback-multiple@11
async function login(email, password, callback) {
  let user = null;
  try {
    user = await global.api.login(email, password).then((found) => {
      callback(null, { user_id: String(found.id), email });
      return found;
    });
  } catch (error) {
    return callback(new Error('no answer'));
  }
  if (!user) return callback(new WrongUsernameOrPasswordError(email, 'Wrong address or password'));
}
//// default-case-forgotten change_email callback-missing@5
function changeEmail(email, newEmail, verified, callback) {
  const axios = require('axios@1.7.9');
  axios.put(configuration.API_URL + '/address', { email, newEmail, verified }, { timeout: 4000, validateStatus: () => true }).then(
    (response) => {
      switch (response.status) {
        case 200: return callback(null, true);
        case 404: return callback(null, false);
        case 409: return callback(new Error('the address is taken'));
      }
    },
    () => callback(new Error('not changed')),
  );
}
