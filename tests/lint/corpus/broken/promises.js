//// chain-without-catch get_user async-unhandled@2
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => response.json())
    .then((user) => callback(null, { user_id: user.id, email }));
}
//// await-outside-try login async-unhandled@2
async function login(email, password, callback) {
  const response = await fetch(configuration.URL);
  callback(null, { user_id: 'u1', email });
}
//// catch-does-not-call get_user callback-missing@5
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => response.json())
    .then((user) => callback(null, { user_id: user.id, email }))
    .catch((error) => console.error(error.message));
}
//// call-in-a-link-that-is-not-the-last get_user callback-multiple@7
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => {
      if (!response.ok) return callback(new Error('The store answered ' + response.status));
      return response.json();
    })
    .then((user) => callback(null, { user_id: 'u1', email }))
    .catch((error) => callback(error));
}
//// then-and-finally verify callback-multiple@5
function verify(email, callback) {
  fetch(configuration.URL)
    .then((response) => callback(null, response.ok))
    .catch((error) => callback(error))
    .finally(() => callback(null, false));
}
//// chain-and-after verify callback-multiple@4
function verify(email, callback) {
  fetch(configuration.URL)
    .then((response) => callback(null, response.ok), callback);
  callback(null, true);
}
//// handler-forgets-one-status get_user callback-missing@4
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => {
      if (response.status === 404) return;
      return response.json().then((user) => callback(null, { user_id: user.id, email }));
    })
    .catch(callback);
}
//// inner-chain-not-returned login async-unhandled@7
function login(email, password, callback) {
  const store = require('store');
  store
    .find(email)
    .then((user) => {
      if (!user) return callback(new WrongUsernameOrPasswordError(null, 'Wrong'));
      store.check(user, password).then((ok) => callback(ok ? null : new WrongUsernameOrPasswordError(email, 'Wrong'), user));
    })
    .catch(callback);
}
//// promise-never-settles verify callback-missing@2
async function verify(email, callback) {
  const ok = await new Promise((resolve) => {
    if (email) resolve(true);
  });
  callback(null, ok);
}
//// promise-not-settled-on-error get_user callback-missing@8
async function getUser(email, callback) {
  const query = (sql) =>
    new Promise((resolve) => {
      require('database').query(sql, (err, rows) => {
        if (!err) resolve(rows);
      });
    });
  const rows = await query('SELECT id FROM users');
  callback(null, rows[0] ? { user_id: rows[0].id, email } : undefined);
}
//// async-function-given-to-a-callback-api verify async-unhandled@4
function verify(email, callback) {
  require('pool').connect(async (err, client) => {
    if (err) return callback(err);
    const result = await client.query('SELECT 1');
    return callback(null, result.rowCount === 1);
  });
}
//// async-for-each delete callback-multiple@4 async-unhandled@3
function deleteUser(id, callback) {
  configuration.URLS.split(',').forEach(async (url) => {
    await fetch(url, { method: 'DELETE' });
    callback(null);
  });
}
//// main-without-catch get_user async-unhandled@3 async-unhandled@4
async function getUser(email, callback) {
  async function main() {
    const response = await fetch(configuration.URL);
    callback(null, await response.json());
  }
  main();
}
//// throw-in-async-script verify async-unhandled@2
async function verify(email, callback) {
  if (!email) throw new Error('No address');
  callback(null, true);
}
//// async-catch-throws-again get_user async-unhandled@6
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    callback(null, await response.json());
  } catch (error) {
    throw new Error('The store is not available');
  }
}
//// returned-chain-without-catch verify async-unhandled@2
function verify(email, callback) {
  return fetch(configuration.URL).then((response) => callback(null, response.ok));
}
//// all-without-catch delete async-unhandled@3
function deleteUser(id, callback) {
  const store = require('store');
  Promise.all([store.remove('a', id), store.remove('b', id)]).then(() => callback(null));
}
//// await-all-outside-try delete async-unhandled@3
async function deleteUser(id, callback) {
  const store = require('store');
  await Promise.all([store.remove('a', id), store.remove('b', id)]);
  callback(null);
}
//// await-in-catch get_user async-unhandled@6
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    return callback(null, await response.json());
  } catch (error) {
    await require('audit').write(error.message);
    return callback(error);
  }
}
//// rejection-handler-first-then-callback verify callback-multiple@4
function verify(email, callback) {
  fetch(configuration.URL)
    .catch((error) => callback(error))
    .then((response) => callback(null, Boolean(response)));
}
//// helper-promise-rejects-unhandled verify async-unhandled@3
async function verify(email, callback) {
  const check = () => new Promise((resolve, reject) => {
    require('store').check(email, (err, ok) => (err ? reject(err) : resolve(ok)));
  });
  callback(null, await check());
}
//// then-throws-with-second-handler-only get_user async-unhandled@4
function getUser(email, callback) {
  fetch(configuration.URL).then(
    (response) => {
      if (!response.ok) throw new Error('not ok');
      callback(null, { user_id: 'u1', email });
    },
    (error) => callback(error),
  );
}
//// await-twice-one-outside get_user async-unhandled@8
async function getUser(email, callback) {
  let response;
  try {
    response = await fetch(configuration.URL);
  } catch (error) {
    return callback(error);
  }
  const user = await response.json();
  return callback(null, { user_id: user.id, email });
}
