//// end-forgets-a-status get_user callback-missing@6
function getUser(email, callback) {
  require('https')
    .get(configuration.URL, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) callback(null, { user_id: 'u1', email });
      });
    })
    .on('error', callback);
}
//// response-and-end-both-call verify callback-multiple@5
function verify(email, callback) {
  require('https')
    .get(configuration.URL, (response) => {
      response.resume();
      response.on('end', () => callback(null, true));
      callback(null, false);
    })
    .on('error', callback);
}
//// http-error-only-logged verify callback-missing@6?
function verify(email, callback) {
  const request = require('https').get(configuration.URL, (response) => {
    response.resume();
    callback(null, response.statusCode === 200);
  });
  request.on('error', (error) => console.error(error.message));
}
//// call-at-every-row get_user callback-multiple@6? callback-missing@6?
function getUser(email, callback) {
  const connection = require('connections').open();
  const query = connection.query('SELECT id FROM users');
  query.on('end', () => connection.close());
  query.on('error', (error) => callback(error));
  query.on('row', (row) => callback(null, { user_id: row.id, email }));
}
//// tedious-error-without-return verify callback-multiple@8
function verify(email, callback) {
  const { Connection, Request } = require('tedious@18.2.0');
  const connection = new Connection(configuration);
  connection.connect((err) => {
    if (err) return callback(err);
    const request = new Request('UPDATE users SET verified = 1', (error, count) => {
      if (error) callback(error);
      callback(null, count > 0);
    });
    connection.execSql(request);
  });
}
//// tedious-request-never-executed verify callback-missing@9
function verify(email, callback) {
  const { Connection, Request } = require('tedious@18.2.0');
  const connection = new Connection(configuration);
  connection.connect((err) => {
    if (err) return callback(err);
    const request = new Request('UPDATE users SET verified = 1', (error, count) => {
      callback(error, count > 0);
    });
    if (configuration.ENABLED) connection.execSql(request);
  });
}
//// connect-error-goes-on verify callback-multiple@5
function verify(email, callback) {
  const client = require('ldapjs@2.3.3').createClient({ url: configuration.URL });
  client.bind(configuration.USER, configuration.PASSWORD, (err) => {
    if (err) callback(err);
    client.search(configuration.BASE, {}, (failure) => callback(failure, !failure));
  });
}
//// end-and-close-both-call verify callback-multiple@5
function verify(email, callback) {
  const socket = require('net').connect(389, configuration.HOST);
  socket.on('error', callback);
  socket.on('end', () => callback(null, true));
  socket.on('close', () => callback(null, false));
}
//// polling-never-cleared verify callback-multiple@3
function verify(email, callback) {
  setInterval(() => {
    callback(null, true);
  }, 50);
}
//// search-without-end get_user callback-missing@5? callback-multiple@5?
function getUser(email, callback) {
  const client = require('ldapjs@2.3.3').createClient({ url: configuration.URL });
  client.search(configuration.BASE, {}, (failure, found) => {
    if (failure) return callback(failure);
    found.on('searchEntry', (entry) => callback(null, { user_id: entry.object.uid, email }));
  });
}
//// throw-in-event-handler verify throw-in-callback@4
function verify(email, callback) {
  const client = require('client').open();
  client.query('SELECT 1', (err) => {
    if (err) throw err;
    callback(null, true);
  });
}
//// throw-in-timer verify throw-in-callback@3
function verify(email, callback) {
  setTimeout(() => {
    if (!email) throw new Error('No address');
    callback(null, true);
  }, 10);
}
//// throw-in-script verify throw-in-script@2
function verify(email, callback) {
  if (!configuration.URL) throw new Error('URL is not configured');
  callback(null, true);
}
