//// inner-callback-forgets login callback-missing@5 err-unchecked@4
function login(email, password, callback) {
  require('store').find(email, (err, user) => {
    if (err) return callback(err);
    require('bcrypt@5.1.1').compare(password, user.hash, (failure, matches) => {
      if (!matches) return;
      callback(null, { user_id: user.id, email });
    });
  });
}
//// error-of-inner-callback-without-return login callback-multiple@6 callback-multiple@7
function login(email, password, callback) {
  require('store').find(email, (err, user) => {
    if (err) return callback(err);
    require('bcrypt@5.1.1').compare(password, user.hash, (failure, matches) => {
      if (failure) callback(failure);
      if (!matches) return callback(new WrongUsernameOrPasswordError(email, 'Wrong'));
      callback(null, { user_id: user.id, email });
    });
  });
}
//// outer-calls-and-inner-calls verify callback-multiple@3
function verify(email, callback) {
  require('store').check(email, (err, ok) => {
    callback(err, ok);
  });
  callback(null, true);
}
//// mysql-connect-and-query get_user callback-multiple@7 callback-multiple@8
function getUser(email, callback) {
  const connection = require('mysql2@3.9.7').createConnection(configuration.DATABASE);
  connection.connect((err) => {
    if (err) callback(err);
  });
  connection.query('SELECT id FROM users', (err, rows) => {
    if (err) return callback(err);
    callback(null, rows[0] ? { user_id: rows[0].id, email } : undefined);
  });
}
//// handed-to-two verify callback-multiple@4
function verify(email, callback) {
  const store = require('store');
  store.check(email, callback);
  store.log(email, callback);
}
//// timer-without-guard verify callback-multiple@2
function verify(email, callback) {
  setTimeout(() => callback(new Error('late')), 5000);
  require('store').check(email, (err, ok) => callback(err, ok));
}
//// timer-only-cleared verify callback-multiple@2?
function verify(email, callback) {
  const timer = setTimeout(() => callback(new Error('late')), 5000);
  require('store').check(email, (err, ok) => {
    clearTimeout(timer);
    callback(err, ok);
  });
}
//// helper-calls-and-caller-calls get_user callback-multiple@11
function getUser(email, callback) {
  function getToken(done) {
    require('tokens').ask((err, token) => {
      if (err) return callback(err);
      done(token);
    });
  }
  getToken((token) => {
    require('users').find(email, token, (err, user) => {
      if (err) callback(err);
      callback(null, user ? { user_id: user.id, email } : undefined);
    });
  });
}
//// helper-calls-back-and-returns get_user callback-multiple@9 async-unhandled@5?
async function getUser(email, callback) {
  async function getToken() {
    const response = await fetch(configuration.TOKENS).catch(() => null);
    if (!response) return callback(new Error('There is no token'));
    return response.headers.get('token');
  }
  const token = await getToken();
  require('users').find(email, token, (err, user) => {
    callback(err, user ? { user_id: user.id, email } : undefined);
  });
}
//// finish-called-twice get_user callback-multiple@4
function getUser(email, callback) {
  const client = require('client').open();
  function finish(error, profile) {
    callback(error, profile);
  }
  client.find(email, (err, user) => {
    if (err) finish(err);
    finish(null, user ? { user_id: user.id, email } : undefined);
  });
}
//// finish-not-called get_user callback-missing@8
function getUser(email, callback) {
  const client = require('client').open();
  function finish(error, profile) {
    client.close();
    callback(error, profile);
  }
  client.find(email, (err, user) => {
    if (!user) return client.close();
    finish(err, { user_id: user.id, email });
  });
}
//// helper-forgets-its-callback get_user callback-missing@4
function getUser(email, callback) {
  function query(sql, cb) {
    require('database').query(sql, (err, rows) => {
      if (err) return;
      cb(null, rows);
    });
  }
  query('SELECT id FROM users', (err, rows) => {
    if (err) return callback(err);
    callback(null, rows[0] ? { user_id: rows[0].id, email } : undefined);
  });
}
//// helper-is-never-called get_user callback-missing@1
function getUser(email, callback) {
  function answer(user) {
    callback(null, user);
  }
  require('store').warm(email);
}
//// alias-called-with-original verify callback-multiple@4
function verify(email, callback) {
  const cb = callback;
  cb(null, true);
  callback(null, true);
}
//// bind-then-again verify callback-multiple@4
function verify(email, callback) {
  const succeed = callback.bind(null, null);
  succeed(true);
  callback.call(null, null, false);
}
//// iife-and-after verify callback-multiple@5
function verify(email, callback) {
  (function (cb) {
    cb(null, email !== '');
  })(callback);
  callback(null, false);
}
//// next-tick-and-after verify callback-multiple@2
function verify(email, callback) {
  process.nextTick(callback, null, true);
  callback(null, true);
}
//// guard-forgotten-in-one verify callback-multiple@5
function verify(email, callback) {
  let done = false;
  setTimeout(() => {
    done = true;
    callback(new Error('late'));
  }, 5000);
  require('store').check(email, (err, ok) => {
    callback(err, ok);
    done = true;
  });
}
//// handlers-in-an-object-one-forgets login callback-missing@5
function login(email, password, callback) {
  require('cognito').authenticate(email, password, {
    onSuccess: (session) => callback(null, { user_id: session.sub, email }),
    onFailure: (error) => {
      if (error.code !== 'NotAuthorized') return callback(error);
    },
  });
}
//// series-calls-directly-and-at-the-end create callback-multiple@14
function create(user, callback) {
  const async = require('async@3.2.4');
  const database = require('database');
  async.series(
    [
      (next) => database.insert('users', user, next),
      (next) => {
        database.insert('mails', user.email, (err) => {
          if (err) callback(err);
          next(err);
        });
      },
    ],
    (err) => callback(err || null),
  );
}
//// series-step-never-goes-on create callback-missing@8
function create(user, callback) {
  const async = require('async@3.2.4');
  const database = require('database');
  async.series(
    [
      (next) => {
        database.insert('users', user, (err) => {
          if (err) next(err);
        });
      },
    ],
    (err) => callback(err || null),
  );
}
//// both-answers-of-a-pair-fail verify callback-multiple@4
function verify(email, callback) {
  let pending = 2;
  function done(err) {
    if (err) return callback(err);
    pending -= 1;
    if (pending === 0) callback(null, true);
  }
  require('store').check(email, done);
  require('other').check(email, done);
}
//// request-with-missing-status get_user callback-missing@6
function getUser(email, callback) {
  const request = require('request@2.88.0');
  request.get({ url: configuration.URL, timeout: 4000 }, (err, response, body) => {
    if (err) return callback(err);
    if (response.statusCode === 404) return callback(null);
    if (response.statusCode === 200) {
      callback(null, { user_id: body.id, email });
    }
  });
}
//// once-created-too-late verify callback-multiple@4
function verify(email, callback) {
  const once = require('once');
  once(callback)(null, true);
  once(callback)(null, true);
}
//// table-of-functions-one-forgets verify callback-missing@8
function verify(email, callback) {
  const answers = {
    yes: () => callback(null, true),
    no: () => {
      console.error('refused');
    },
  };
  require('store').check(email, (ok) => (ok ? answers.yes() : answers.no()));
}
