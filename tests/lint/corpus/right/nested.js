//// two-levels-of-callbacks login
function login(email, password, callback) {
  const bcrypt = require('bcrypt@5.1.1');
  const mysql = require('mysql2@3.9.7');
  const connection = mysql.createConnection(configuration.DATABASE);
  connection.query('SELECT * FROM users WHERE email = ?', [email], function (err, rows) {
    connection.end();
    if (err) return callback(err);
    if (rows.length === 0) return callback(new WrongUsernameOrPasswordError(null, 'Wrong'));
    const user = rows[0];
    bcrypt.compare(password, user.password, function (failure, matches) {
      if (failure) return callback(failure);
      if (!matches) return callback(new WrongUsernameOrPasswordError(email, 'Wrong'));
      return callback(null, { user_id: user.id, email: user.email });
    });
  });
}
//// callback-by-reference delete
function deleteUser(id, callback) {
  const database = require('some-database');
  database.remove({ id }, callback);
}
//// inner-parameter-named-callback verify
function verify(email, callback) {
  function load(key, callback) {
    setImmediate(() => callback(null, key + '1'));
  }
  load(email, (err, value) => {
    if (err) return callback(err);
    callback(null, value === configuration.KNOWN);
  });
}
//// inner-parameter-named-done verify
function verify(email, done) {
  const steps = [1, 2, 3];
  const results = steps.map((step) => {
    const collected = [];
    const cb = (value) => collected.push(value);
    const done = (value) => cb(value);
    done(step);
    done(step + 1);
    return collected;
  });
  return done(null, results.length === 3);
}
//// alias verify
function verify(email, callback) {
  const cb = callback;
  const answer = cb;
  setImmediate(function () {
    answer(null, true);
  });
}
//// bind-null-error verify
function verify(email, callback) {
  const succeed = callback.bind(null, null);
  const fail = callback;
  const store = require('store');
  store.check(email, (ok) => (ok ? succeed(true) : fail(new Error('The store refused'))));
}
//// call-and-apply verify
function verify(email, callback) {
  if (!email) return callback.call(null, new Error('No address'));
  return callback.apply(this, [null, true]);
}
//// next-tick verify
function verify(email, callback) {
  if (email) {
    return process.nextTick(callback, null, true);
  }
  setTimeout(callback, 10, null, false);
}
//// finish-closure get_user
function getUser(email, callback) {
  const client = require('some-client').connect(configuration.URL);
  function finish(error, profile) {
    client.close();
    return error ? callback(error) : callback(null, profile);
  }
  client.find({ email }, function (err, user) {
    if (err) return finish(err);
    if (!user) return finish(null);
    finish(null, { user_id: user.id, email });
  });
}
//// helper-gets-the-callback get_user
function getUser(email, callback) {
  function query(sql, values, cb) {
    const pool = require('pool');
    pool.getConnection((err, connection) => {
      if (err) return cb(err);
      connection.query(sql, values, (failure, rows) => {
        connection.release();
        if (failure) return cb(failure);
        return cb(null, rows);
      });
    });
  }
  query('SELECT id FROM users WHERE email = ?', [email], (err, rows) => {
    if (err) return callback(err);
    if (!rows.length) return callback(null);
    return callback(null, { user_id: rows[0].id, email });
  });
}
//// helper-used-twice create
function create(user, callback) {
  const database = require('database');
  function run(sql, values, done) {
    database.query(sql, values, (err, rows) => {
      if (err) return done(err);
      done(null, rows);
    });
  }
  run('SELECT id FROM users WHERE email = ?', [user.email], (err, rows) => {
    if (err) return callback(err);
    if (rows.length) return callback(new ValidationError('user_exists', 'The user already exists'));
    run('INSERT INTO users (email) VALUES (?)', [user.email], (failure) => {
      if (failure) return callback(failure);
      callback(null);
    });
  });
}
//// immediately-invoked verify
function verify(email, callback) {
  (function (cb) {
    cb(null, email !== '');
  })(callback);
}
//// immediately-invoked-async verify
function verify(email, callback) {
  (async () => {
    const response = await fetch(configuration.URL);
    return response.ok;
  })().then((ok) => callback(null, ok), callback);
}
//// once-of-a-library verify
function verify(email, callback) {
  const once = require('once');
  const done = once(callback);
  const socket = require('net').connect(389);
  socket.on('error', done);
  socket.on('close', () => done(new Error('closed')));
  socket.on('connect', () => done(null, true));
}
//// once-of-lodash verify
function verify(email, callback) {
  const _ = require('lodash@4.17.21');
  callback = _.once(callback);
  const store = require('store');
  setTimeout(() => callback(new Error('The store does not answer')), 5000);
  store.check(email, (err, ok) => callback(err, ok));
}
//// once-written-here verify
function verify(email, callback) {
  const finish = once(callback);
  setTimeout(() => finish(new Error('The store does not answer')), 5000);
  require('store').check(email, (err, ok) => finish(err, ok));

  function once(fn) {
    let called = false;
    return function (...args) {
      if (called) return;
      called = true;
      fn(...args);
    };
  }
}
//// guard-flag verify ~callback-multiple
function verify(email, callback) {
  let done = false;
  function finish(error, result) {
    if (done) return;
    done = true;
    callback(error, result);
  }
  const timer = setTimeout(() => finish(new Error('The store does not answer')), 5000);
  require('store').check(email, (err, ok) => {
    clearTimeout(timer);
    finish(err, ok);
  });
}
//// guard-by-emptying verify
function verify(email, callback) {
  let answer = callback;
  function finish(error, result) {
    if (!answer) return;
    const cb = answer;
    answer = null;
    cb(error, result);
  }
  setTimeout(() => finish(new Error('late')), 4000);
  require('store').check(email, finish);
}
//// guard-as-a-property verify
function verify(email, callback) {
  const state = { done: false };
  setTimeout(() => {
    if (!state.done) {
      state.done = true;
      callback(new Error('late'));
    }
  }, 4000);
  require('store').check(email, (err, ok) => {
    if (state.done) return;
    state.done = true;
    callback(err, ok);
  });
}
//// countdown verify
function verify(email, callback) {
  const store = require('store');
  const parts = ['a', 'b', 'c'];
  let pending = parts.length;
  const found = [];
  parts.forEach((part) => {
    store.get(part, (value) => {
      found.push(value);
      if (--pending === 0) {
        callback(null, found.every(Boolean));
      }
    });
  });
}
//// count-against-length verify
function verify(email, callback) {
  const store = require('store');
  const keys = configuration.KEYS.split(',');
  const results = [];
  for (const key of keys) {
    store.get(key, (value) => {
      results.push(value);
      if (results.length === keys.length) callback(null, results.includes(email));
    });
  }
}
//// both-must-be-there verify
function verify(email, callback) {
  const store = require('store');
  let first;
  let second;
  function finish() {
    if (first === undefined || second === undefined) return;
    callback(null, first === second);
  }
  store.get('first', (value) => {
    first = value;
    finish();
  });
  store.get('second', (value) => {
    second = value;
    finish();
  });
}
//// recursive-steps verify
function verify(email, callback) {
  const store = require('store');
  const keys = configuration.KEYS.split(',');
  function step(index) {
    if (index >= keys.length) return callback(null, false);
    store.get(keys[index], (err, value) => {
      if (err) return callback(err);
      if (value === email) return callback(null, true);
      step(index + 1);
    });
  }
  step(0);
}
//// repeated-attempts verify
function verify(email, callback) {
  const store = require('store');
  function attempt(left) {
    store.check(email, (err, ok) => {
      if (err && left > 0) return setTimeout(() => attempt(left - 1), 200);
      if (err) return callback(err);
      return callback(null, ok);
    });
  }
  attempt(2);
}
//// series-of-functions create
function create(user, callback) {
  const async = require('async@3.2.4');
  const database = require('database');
  async.series(
    [
      (next) => database.insert('users', user, next),
      (next) => {
        database.insert('mails', user.email, (err) => {
          if (err) return next(err);
          next();
        });
      },
    ],
    (err) => callback(err || null),
  );
}
//// waterfall-with-callback get_user
function getUser(email, callback) {
  const async = require('async@3.2.4');
  const store = require('store');
  async.waterfall(
    [
      (next) => store.idOf(email, next),
      (id, next) => store.read(id, next),
      (record, next) => next(null, { user_id: record.id, email }),
    ],
    callback,
  );
}
//// each-of-a-list delete
function deleteUser(id, callback) {
  const async = require('async@3.2.4');
  const store = require('store');
  async.eachSeries(configuration.TABLES.split(','), (table, next) => store.remove(table, id, next), (err) => {
    if (err) return callback(err);
    callback(null);
  });
}
//// steps-called-in-a-row verify
function verify(email, callback) {
  const checks = [() => email.includes('@'), () => email.length < 200];
  for (const check of checks) {
    if (!check()) {
      return callback(null, false);
    }
  }
  callback(null, true);
}
//// table-of-functions verify
function verify(email, callback) {
  const answers = {
    200: () => callback(null, true),
    404: () => callback(null, false),
  };
  require('store').check(email, (status) => {
    if (answers[status]) {
      return answers[status]();
    }
    return callback(new Error('The store answered ' + status));
  });
}
//// handlers-in-an-object login
function login(email, password, callback) {
  const { CognitoUser } = require('amazon-cognito-identity-js@6.3.1');
  const user = new CognitoUser({ Username: email });
  user.authenticateUser(password, {
    onSuccess: (session) => callback(null, { user_id: session.sub, email }),
    onFailure: () => callback(new WrongUsernameOrPasswordError(email, 'Wrong')),
    newPasswordRequired: () => callback(new Error('A new password is needed')),
  });
}
//// two-functions-one-runs verify
function verify(email, callback) {
  require('store').check(
    email,
    (ok) => callback(null, ok),
    (error) => callback(error),
  );
}
//// methods-of-a-local-object verify
function verify(email, callback) {
  const answer = {
    yes() {
      callback(null, true);
    },
    no(error) {
      callback(error);
    },
  };
  require('store')
    .check(email)
    .then(answer.yes, answer.no);
}
//// class-with-the-callback verify
function verify(email, callback) {
  class Check {
    constructor(done) {
      this.done = done;
    }
    run() {
      this.done(null, true);
    }
  }
  new Check(callback).run();
}
//// class-closure verify
function verify(email, callback) {
  class Check {
    run() {
      callback(null, true);
    }
  }
  new Check().run();
}
//// callback-kept-in-an-object verify
function verify(email, callback) {
  const job = {};
  job.finish = callback;
  require('store').enqueue(job);
}
//// generator-coroutine get_user
function getUser(email, callback) {
  const Bluebird = require('bluebird@3.7.2');
  const find = Bluebird.coroutine(function* () {
    const user = yield fetch(configuration.URL);
    return callback(null, { user_id: user.id, email });
  });
  find().catch(callback);
}
//// arguments-object verify
function verify(email, callback) {
  function answer() {
    return callback.apply(null, arguments);
  }
  answer(null, true);
}
//// wrapped-by-a-library verify
function verify(email, callback) {
  const tracing = require('tracing');
  const done = tracing.wrap(callback);
  require('store').check(email, (err, ok) => {
    if (err) return done(err);
    done(null, ok);
  });
}
//// callbackified verify
function verify(email, callback) {
  const { callbackify } = require('util');
  async function check(address) {
    const response = await fetch(configuration.URL + '?q=' + encodeURIComponent(address));
    return response.ok;
  }
  callbackify(check)(email, callback);
}
//// merged-condition get_user
function getUser(email, callback) {
  require('database').query('SELECT id FROM users WHERE email = ?', [email], (err, rows) => {
    if (err || !rows) return callback(err || new Error('The database gave nothing'));
    callback(null, rows[0] ? { user_id: rows[0].id, email } : undefined);
  });
}
//// anonymous-script get_user
(function (email, callback) {
  require('store').find(email, (err, user) => {
    if (err) {
      callback(err);
    } else if (!user) {
      callback(null);
    } else {
      callback(null, { user_id: user.id, email: user.email });
    }
  });
})
//// arrow-script verify
(email, callback) => callback(null, email.length > 0)
//// default-template-commented-out delete
/*
function remove(id, callback) {
  callback(new Error('not here'));
  callback(null);
}
*/
function deleteUser(id, callback) {
  /* global request */
  require('database').remove(id, (err) => callback(err || null));
}
