//// catch-only-logs get_user callback-missing@6
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    const user = await response.json();
    callback(null, { user_id: user.id, email });
  } catch (error) {
    console.error(error.message);
  }
}
//// catch-is-empty verify callback-missing@5 error-masked@5
function verify(email, callback) {
  try {
    const known = JSON.parse(configuration.KNOWN);
    return callback(null, known.includes(email));
  } catch (ignored) {}
}
//// both-in-try-and-finally verify callback-multiple@8
async function verify(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    callback(null, response.ok);
  } catch (error) {
    callback(error);
  } finally {
    callback(null, false);
  }
}
//// catch-goes-on get_user callback-multiple@8
async function getUser(email, callback) {
  let user = null;
  try {
    user = await (await fetch(configuration.URL)).json();
  } catch (error) {
    callback(error);
  }
  callback(null, user ? { user_id: user.id, email } : undefined);
}
//// await-after-the-call-in-try get_user callback-multiple@7
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    callback(null, { user_id: 'u1', email });
    await response.text();
  } catch (error) {
    callback(error);
  }
}
//// early-return-in-try get_user callback-missing@4
async function getUser(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    if (!response.ok) return;
    callback(null, { user_id: 'u1', email });
  } catch (error) {
    callback(error);
  }
}
//// inner-catch-swallows get_user callback-missing@8
async function getUser(email, callback) {
  try {
    try {
      const response = await fetch(configuration.URL);
      const user = await response.json();
      callback(null, { user_id: user.id, email });
    } catch (error) {
      if (error.name === 'TypeError') throw error;
    }
  } catch (error) {
    callback(error);
  }
}
//// finally-returns-early verify callback-missing@7
async function verify(email, callback) {
  try {
    const response = await fetch(configuration.URL);
    if (response.ok) callback(null, true);
    else callback(null, false);
  } finally {
    return;
  }
}
//// status-checked-in-catch-only get_user callback-missing@6
async function getUser(email, callback) {
  try {
    const user = await require('store').find(email);
    return callback(null, { user_id: user.id, email });
  } catch (error) {
    if (error.status === 404) {
      return callback(null);
    }
  }
}
//// parse-error-without-return get_user callback-multiple@10
function getUser(email, callback) {
  require('store').read(email, (err, text) => {
    if (err) return callback(err);
    let user;
    try {
      user = JSON.parse(text);
    } catch (error) {
      callback(error);
    }
    callback(null, { user_id: user.id, email });
  });
}
