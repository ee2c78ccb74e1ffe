//// then-with-two-handlers get_user
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => response.json())
    .then((user) => ({ user_id: user.id, email }))
    .then((profile) => callback(null, profile), callback);
}
//// then-catch get_user
function getUser(email, callback) {
  return fetch(configuration.URL)
    .then((response) => response.json())
    .then((user) => callback(null, { user_id: user.id, email }))
    .catch((error) => callback(error));
}
//// catch-before-the-last-then get_user
function getUser(email, callback) {
  let error = null;
  fetch(configuration.URL)
    .then((response) => response.json())
    .catch((failure) => {
      error = failure;
    })
    .then((user) => {
      if (error) return callback(error);
      return callback(null, { user_id: user.id, email });
    });
}
//// throw-in-handler get_user
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => {
      if (!response.ok) throw new Error('The store answered ' + response.status);
      return response.json();
    })
    .then((user) => callback(null, { user_id: user.id, email }))
    .catch(callback);
}
//// reject-in-handler get_user
function getUser(email, callback) {
  fetch(configuration.URL)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error('not ok'))))
    .then((user) => callback(null, { user_id: user.id, email }))
    .catch((error) => callback(error));
}
//// nested-chain-returned login
function login(email, password, callback) {
  const store = require('store');
  store
    .find(email)
    .then((user) => {
      if (!user) throw new WrongUsernameOrPasswordError(null, 'Wrong');
      return store.check(user, password).then((ok) => {
        if (!ok) throw new WrongUsernameOrPasswordError(email, 'Wrong');
        return { user_id: user.id, email };
      });
    })
    .then((profile) => callback(null, profile))
    .catch((error) => callback(error));
}
//// finally-then get_user
function getUser(email, callback) {
  const client = require('client').open(configuration.URL);
  client
    .find(email)
    .finally(() => client.close())
    .then((user) => callback(null, user ? { user_id: user.id, email } : undefined))
    .catch(callback);
}
//// promise-around-callback get_user
async function getUser(email, callback) {
  const database = require('database');
  function query(sql, values) {
    return new Promise((resolve, reject) => {
      database.query(sql, values, (err, rows) => {
        if (err) return reject(err);
        resolve(rows);
      });
    });
  }
  let rows;
  try {
    rows = await query('SELECT id FROM users WHERE email = ?', [email]);
  } catch (error) {
    return callback(error);
  }
  return rows.length ? callback(null, { user_id: rows[0].id, email }) : callback(null);
}
//// reject-then-resolve-settles-once verify
function verify(email, callback) {
  new Promise((resolve, reject) => {
    require('store').check(email, (err, ok) => {
      if (err) reject(err);
      resolve(ok);
    });
  }).then((ok) => callback(null, ok), (error) => callback(error));
}
//// executor-calls-and-never-settles verify ~callback-missing
async function verify(email, callback) {
  await new Promise((resolve, reject) => {
    require('store').check(email, (err, ok) => {
      if (err) return callback(err);
      return callback(null, ok);
    });
  });
}
//// token-helper-only-resolves get_user
async function getUser(email, callback) {
  function getToken() {
    return new Promise((resolve) => {
      require('tokens').ask(configuration.CLIENT, (err, token) => resolve(err ? null : token));
    });
  }
  const token = await getToken();
  if (!token) return callback(new Error('There is no token'));
  require('users').find(email, token, (err, user) => {
    if (err) return callback(err);
    return callback(null, user ? { user_id: user.id, email } : undefined);
  });
}
//// inner-main-with-one-catch get_user
async function getUser(email, callback) {
  async function main() {
    const response = await fetch(configuration.URL);
    const user = await response.json();
    return { user_id: user.id, email };
  }
  main().then((profile) => callback(null, profile)).catch(callback);
}
//// awaited-main-never-rejects verify
async function verify(email, callback) {
  async function check() {
    try {
      const response = await fetch(configuration.URL);
      return response.ok;
    } catch (error) {
      return false;
    }
  }
  const ok = await check();
  callback(null, ok);
}
//// main-calls-back-itself verify
async function verify(email, callback) {
  const main = async () => {
    try {
      const response = await fetch(configuration.URL);
      callback(null, response.ok);
    } catch (error) {
      callback(error);
    }
  };
  await main();
}
//// all-of-two get_user
async function getUser(email, callback) {
  let user;
  try {
    const [first, second] = await Promise.all([fetch(configuration.A), fetch(configuration.B)]);
    user = Object.assign(await first.json(), await second.json());
  } catch (error) {
    return callback(error);
  }
  return callback(null, { user_id: user.id, email });
}
//// all-of-a-map delete
function deleteUser(id, callback) {
  const tables = configuration.TABLES.split(',');
  Promise.all(tables.map((table) => require('store').remove(table, id)))
    .then(() => callback(null))
    .catch((error) => callback(error));
}
//// all-of-an-async-map delete
async function deleteUser(id, callback) {
  let error = null;
  try {
    await Promise.all(
      configuration.URLS.split(',').map(async (url) => {
        const response = await fetch(url + '/' + encodeURIComponent(id), { method: 'DELETE' });
        if (!response.ok) throw new Error('The store answered ' + response.status);
      }),
    );
  } catch (failure) {
    error = failure;
  }
  return error ? callback(error) : callback(null);
}
//// all-with-commit-and-rollback delete
function deleteUser(id, callback) {
  const client = require('client');
  client.query('BEGIN', (begun) => {
    if (begun) return callback(begun);
    Promise.all([client.run('DELETE FROM a WHERE id = $1', [id]), client.run('DELETE FROM b WHERE id = $1', [id])])
      .then(() => {
        client.query('COMMIT', (err) => callback(err || null));
      })
      .catch((error) => {
        client.query('ROLLBACK', () => callback(error));
      });
  });
}
//// all-settled verify
async function verify(email, callback) {
  const results = await Promise.allSettled([fetch(configuration.A), fetch(configuration.B)]);
  return callback(null, results.every((result) => result.status === 'fulfilled'));
}
//// race-with-timeout verify
async function verify(email, callback) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 4000));
  let ok;
  try {
    const response = await Promise.race([fetch(configuration.URL), late]);
    ok = response.ok;
  } catch (error) {
    return callback(error);
  }
  return callback(null, ok);
}
//// sleep-before-answer verify
async function verify(email, callback) {
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await sleep(100);
  return callback(null, false);
}
//// rejection-turned-into-value get_user
async function getUser(email, callback) {
  const response = await fetch(configuration.URL).catch((error) => ({ ok: false, status: 0, error }));
  if (!response.ok) return callback(new Error('The store answered ' + response.status));
  const body = await response.json().catch(() => null);
  if (!body) return callback(new Error('The store sent no JSON'));
  return callback(null, { user_id: body.id, email });
}
//// result-and-error-as-a-pair get_user
async function getUser(email, callback) {
  const [error, user] = await fetch(configuration.URL)
    .then((response) => response.json())
    .then((found) => [null, found])
    .catch((failure) => [failure, null]);
  if (error) return callback(error);
  return callback(null, { user_id: user.id, email });
}
//// resolve-kept-outside verify
async function verify(email, callback) {
  let settle;
  const answer = new Promise((resolve) => {
    settle = resolve;
  });
  require('store').check(email, (err, ok) => settle(!err && ok));
  callback(null, await answer);
}
//// bluebird-as-callback get_user
function getUser(email, callback) {
  const Bluebird = require('bluebird@3.7.2');
  Bluebird.resolve(fetch(configuration.URL))
    .then((response) => response.json())
    .then((user) => ({ user_id: user.id, email }))
    .asCallback(callback);
}
//// done-and-fail verify
function verify(email, callback) {
  require('jquery-like')
    .get(configuration.URL)
    .done((body) => callback(null, body.ok))
    .fail((error) => callback(error));
}
//// async-continuation-with-try verify
function verify(email, callback) {
  require('pool').connect(async (err, client) => {
    if (err) return callback(err);
    let ok;
    try {
      ok = (await client.query('SELECT 1')).rowCount === 1;
    } catch (failure) {
      return callback(failure);
    }
    return callback(null, ok);
  });
}
//// returned-from-helper-as-promise login
async function login(email, password, callback) {
  const check = () => require('store').check(email, password);
  const toProfile = (user) => ({ user_id: user.id, email: user.email });
  return check()
    .then(toProfile)
    .then((profile) => callback(null, profile), (error) => callback(error));
}
//// promise-stored-and-used-twice verify
function verify(email, callback) {
  const answer = fetch(configuration.URL);
  answer.then((response) => callback(null, response.ok)).catch(callback);
}
//// try-around-chain-start verify
function verify(email, callback) {
  try {
    const url = new URL(configuration.URL);
    fetch(url).then((response) => callback(null, response.ok), callback);
  } catch (error) {
    callback(error);
  }
}
//// microtask verify
function verify(email, callback) {
  queueMicrotask(() => callback(null, true));
}
//// one-of-two-loads get_user
async function getUser(email, callback) {
  let load;
  if (configuration.MODE === 'a') {
    load = async () => (await fetch(configuration.A)).json();
  } else {
    load = async () => (await fetch(configuration.B)).json();
  }
  let user;
  try {
    user = await load();
  } catch (error) {
    return callback(error);
  }
  return callback(null, { user_id: user.id, email });
}
