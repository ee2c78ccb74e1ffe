//// request-of-node get_user
function getUser(email, callback) {
  const https = require('https');
  const request = https.get(configuration.URL, { timeout: 4000 }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      body += chunk;
    });
    response.on('end', () => {
      if (response.statusCode === 404) return callback(null);
      let user;
      try {
        user = JSON.parse(body);
      } catch (error) {
        return callback(error);
      }
      return callback(null, { user_id: user.id, email });
    });
  });
  request.on('timeout', () => request.destroy(new Error('The store does not answer')));
  request.on('error', (error) => callback(error));
}
//// chained-error-handler verify
function verify(email, callback) {
  require('http')
    .get(configuration.URL, (response) => {
      response.resume();
      response.on('end', () => callback(null, response.statusCode === 200));
    })
    .on('error', callback);
}
//// tedious-deferred-request get_user
function getUser(email, callback) {
  const { Connection, Request, TYPES } = require('tedious@18.2.0');
  const connection = new Connection(JSON.parse(configuration.DATABASE));
  connection.connect((err) => {
    if (err) return callback(err);
    let user = null;
    const request = new Request('SELECT id FROM users WHERE email = @email', (failure, count) => {
      connection.close();
      if (failure) return callback(failure);
      if (count === 0) return callback(null);
      return callback(null, { user_id: user.id, email });
    });
    request.addParameter('email', TYPES.VarChar, email);
    request.on('row', (columns) => {
      user = { id: columns[0].value };
    });
    connection.execSql(request);
  });
}
//// tedious-connect-event verify
function verify(email, callback) {
  const { Connection, Request } = require('tedious@11.0.3');
  const connection = new Connection({ server: configuration.SERVER });
  connection.on('connect', function (err) {
    if (err) {
      return callback(err);
    }
    run();
  });
  connection.on('debug', (text) => console.error(text));

  function run() {
    const request = new Request('UPDATE users SET verified = 1 WHERE email = @email', function (error, rows) {
      connection.close();
      callback(error, !error && rows > 0);
    });
    connection.execSql(request);
  }
}
//// ldap-search get_user
function getUser(email, callback) {
  const ldap = require('ldapjs@2.3.3');
  const client = ldap.createClient({ url: configuration.URL });
  client.bind(configuration.USER, configuration.PASSWORD, (err) => {
    if (err) return callback(err);
    const entries = [];
    client.search(configuration.BASE, { filter: `(mail=${email})` }, (failure, found) => {
      if (failure) return callback(failure);
      found.on('searchEntry', (entry) => entries.push(entry.object));
      found.on('error', (error) => callback(error));
      found.on('end', () => {
        if (entries.length === 0) return callback(null);
        return callback(null, { user_id: entries[0].uid, email });
      });
    });
  });
}
//// pool-error-only-logged verify
async function verify(email, callback) {
  const pool = new (require('pg@8.7.1').Pool)({ connectionString: configuration.DATABASE });
  pool.on('error', () => {});
  let result;
  try {
    result = await pool.query('UPDATE users SET verified = true WHERE email = $1', [email]);
  } catch (error) {
    return callback(error);
  }
  return callback(null, result.rowCount === 1);
}
//// events-made-a-promise verify
async function verify(email, callback) {
  const net = require('net');
  let connected = false;
  try {
    await new Promise((resolve, reject) => {
      const socket = net.connect(Number(configuration.PORT), configuration.HOST);
      socket.once('connect', () => {
        socket.end();
        resolve();
      });
      socket.once('error', reject);
      socket.setTimeout(3000, () => socket.destroy(new Error('late')));
    });
    connected = true;
  } catch (error) {
    return callback(error);
  }
  return callback(null, connected);
}
//// stream-to-the-end get_user
function getUser(email, callback) {
  const users = [];
  let failed = false;
  const stream = require('database').stream('SELECT id, email FROM users');
  stream.on('data', (user) => {
    if (user.email === email) users.push(user);
  });
  stream.on('error', (error) => {
    if (failed) return;
    failed = true;
    callback(error);
  });
  stream.on('end', () => {
    if (failed) return;
    callback(null, users.length ? { user_id: users[0].id, email } : undefined);
  });
}
//// polling-until-ready verify
function verify(email, callback) {
  const store = require('store').open();
  const timer = setInterval(() => {
    if (!store.ready) return;
    clearInterval(timer);
    callback(null, store.has(email));
  }, 50);
}
//// row-or-completion get_user
function getUser(email, callback) {
  const { Request } = require('tedious@18.2.0');
  const connection = require('connections').open(configuration.DATABASE);
  const request = new Request('SELECT id FROM users', (err, count) => {
    if (err) return callback(err);
    if (count === 0) return callback(null);
  });
  request.on('row', (columns) => {
    callback(null, { user_id: columns[0].value, email });
  });
  connection.execSql(request);
}
//// observable verify
function verify(email, callback) {
  let last = false;
  require('observables')
    .from(configuration.URL)
    .subscribe({
      next: (value) => {
        last = value;
      },
      error: (error) => callback(error),
      complete: () => callback(null, last),
    });
}
