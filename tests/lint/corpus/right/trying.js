//// call-outside-try login
async function login(identifier, password, callback) {
  let profile = null;
  let error = null;
  try {
    const response = await fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ identifier, password }) });
    if (response.status === 401) error = new WrongUsernameOrPasswordError(identifier, 'Wrong');
    else profile = toProfile(await response.json());
  } catch (failure) {
    error = failure;
  }
  if (error) return callback(error);
  return callback(null, profile);

  function toProfile(user) {
    return { user_id: user.id, email: user.email };
  }
}
//// call-in-try-and-catch get_user
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    const user = await response.json();
    return callback(null, { user_id: user.id, email });
  } catch (error) {
    return callback(error);
  }
}
//// catch-rethrows-to-outer-catch get_user
async function getUser(email, callback) {
  try {
    let user;
    try {
      user = await (await fetch(configuration.URL)).json();
    } catch (error) {
      throw new Error('The user store is not available', { cause: error });
    }
    return callback(null, { user_id: user.id, email });
  } catch (error) {
    return callback(error);
  }
}
//// finally-that-only-closes get_user
async function getUser(email, callback) {
  const { Client } = require('pg@8.7.1');
  const client = new Client({ connectionString: configuration.DATABASE });
  let row;
  let error;
  try {
    await client.connect();
    const result = await client.query('SELECT id FROM users WHERE email = $1', [email]);
    row = result.rows[0];
  } catch (failure) {
    error = failure;
  } finally {
    client.end();
  }
  if (error) return callback(error);
  return row ? callback(null, { user_id: row.id, email }) : callback(null);
}
//// return-in-finally verify
function verify(email, callback) {
  let answer = false;
  try {
    answer = JSON.parse(configuration.KNOWN).includes(email);
  } finally {
    return callback(null, answer);
  }
}
//// call-in-finally verify
async function verify(email, callback) {
  let error = null;
  let changed = false;
  try {
    const response = await fetch(configuration.URL);
    changed = response.ok;
  } catch (failure) {
    error = failure;
  } finally {
    callback(error, changed);
  }
}
//// nested-try-with-default get_user
async function getUser(email, callback) {
  let settings = {};
  try {
    settings = JSON.parse(configuration.SETTINGS);
  } catch (ignored) {
    // Settings are optional.
  }
  try {
    const response = await fetch(settings.url || configuration.URL);
    const user = await response.json();
    return callback(null, { user_id: user.id, email });
  } catch (error) {
    return callback(error);
  }
}
//// try-with-early-return-and-finally verify
async function verify(email, callback) {
  let result = [null, false];
  const started = Date.now();
  try {
    const response = await fetch(configuration.URL);
    if (!response.ok) {
      result = [new Error('The user store answered ' + response.status)];
      return;
    }
    result = [null, true];
  } catch (error) {
    result = [error];
  } finally {
    callback(...result);
  }
}
//// throw-caught-nearby verify
function verify(email, callback) {
  try {
    if (!email) {
      throw new Error('No address');
    }
    return callback(null, true);
  } catch (error) {
    return callback(error);
  }
}
//// try-inside-callback get_user
function getUser(email, callback) {
  const request = require('request@2.88.0');
  request.get({ url: configuration.URL, timeout: 4000 }, (err, response, body) => {
    if (err) return callback(err);
    if (response.statusCode === 404) return callback(null);
    if (response.statusCode !== 200) return callback(new Error('The user store answered ' + response.statusCode));
    let user;
    try {
      user = JSON.parse(body);
    } catch (e) {
      return callback(e);
    }
    return callback(null, { user_id: user.id, email });
  });
}
//// catch-without-parameter get_user
async function getUser(email, callback) {
  let user;
  try {
    user = await (await fetch(configuration.URL)).json();
  } catch {
    return callback(new Error('The user store is not available'));
  }
  return callback(null, { user_id: user.id, email });
}
//// helper-throws-in-try verify
async function verify(email, callback) {
  function check(response) {
    if (!response.ok) throw new Error('The user store answered ' + response.status);
  }
  let error = null;
  try {
    check(await fetch(configuration.URL));
  } catch (failure) {
    error = failure;
  }
  return error ? callback(error) : callback(null, true);
}
//// for-await-inside-try get_user
async function getUser(email, callback) {
  const found = [];
  try {
    for await (const user of usersOf(configuration.URL)) {
      if (user.email === email) found.push(user);
    }
  } catch (error) {
    return callback(error);
  }
  return found[0] ? callback(null, { user_id: found[0].id, email }) : callback(null);

  async function* usersOf(url) {
    const response = await fetch(url);
    yield* await response.json();
  }
}
