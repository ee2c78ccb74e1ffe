//// if-else-single-exit login
function login(identifier, password, callback) {
  let problem = null;
  let profile;
  if (!identifier) {
    problem = new WrongUsernameOrPasswordError(null, 'No user name');
  } else {
    profile = { user_id: identifier };
  }
  if (problem) {
    return callback(problem);
  } else {
    return callback(null, profile);
  }
}
//// guards-one-after-the-other login
function login(identifier, password, callback) {
  if (!identifier) return callback(new WrongUsernameOrPasswordError(null, 'No user name'));
  if (!password) return callback(new WrongUsernameOrPasswordError(identifier, 'No password'));
  if (password.length > 200) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'Too long'));
  }
  return callback(null, { user_id: 'u1', email: identifier });
}
//// complementary-conditions get_user ~callback-missing ~callback-multiple
function getUser(email, callback) {
  const user = configuration.KNOWN === email ? { user_id: 'u1', email } : null;
  if (user) callback(null, user);
  if (!user) callback(null);
}
//// complementary-with-comparison verify
function verify(email, callback) {
  const changed = email.length;
  if (changed > 0) {
    callback(null, true);
  }
  if (changed === 0) {
    callback(null, false);
  }
}
//// ternary-call get_user
function getUser(email, callback) {
  return email ? callback(null, { user_id: 'u1', email }) : callback(null);
}
//// ternary-function get_user
function getUser(email, callback) {
  const answer = email ? () => callback(null, { user_id: 'u1', email }) : () => callback(null);
  return answer();
}
//// logical-or-call verify
function verify(email, callback) {
  if (email) return callback(null, true);
  return void callback(null, false);
}
//// switch-with-returns verify
function verify(email, callback) {
  switch (email.split('@')[1]) {
    case 'example.com':
    case 'example.org':
      return callback(null, true);
    case 'example.net': {
      const answer = false;
      return callback(null, answer);
    }
    default:
      return callback(new Error('This domain is not known'));
  }
}
//// switch-with-breaks verify
function verify(email, callback) {
  let result = false;
  switch (email.length % 3) {
    case 0:
      result = true;
      break;
    case 1:
      result = false;
      // falls through
    default:
      result = true;
  }
  callback(null, result);
}
//// switch-true change_password
function changePassword(email, newPassword, callback) {
  switch (true) {
    case newPassword.length < 8:
      return callback(null, false);
    case newPassword === email:
      return callback(null, false);
    default:
      return callback(null, true);
  }
}
//// switch-default-first verify
function verify(email, callback) {
  switch (email) {
    default:
      callback(null, false);
      break;
    case 'robin@example.com':
      callback(null, true);
      break;
  }
}
//// labelled-block verify
function verify(email, callback) {
  let answer = false;
  check: {
    if (!email) break check;
    if (!email.includes('@')) break check;
    answer = true;
  }
  return callback(null, answer);
}
//// labelled-loops verify
function verify(email, callback) {
  const groups = [configuration.FIRST.split(','), configuration.SECOND.split(',')];
  let found = false;
  outer: for (const group of groups) {
    for (const entry of group) {
      if (entry === '') continue outer;
      if (entry === email) {
        found = true;
        break outer;
      }
    }
  }
  return callback(null, found);
}
//// return-inside-loop-and-behind get_user
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  for (const user of users) {
    if (user.email === email) {
      return callback(null, { user_id: user.id, email });
    }
  }
  return callback(null);
}
//// while-true-with-exit verify
function verify(email, callback) {
  let rest = email;
  while (true) {
    if (rest.length < 3) {
      return callback(null, false);
    }
    if (rest.startsWith('@')) {
      break;
    }
    rest = rest.slice(1);
  }
  return callback(null, true);
}
//// endless-for-with-returns verify
function verify(email, callback) {
  let index = 0;
  for (;;) {
    if (index >= email.length) return callback(null, false);
    if (email[index] === '@') return callback(null, true);
    index += 1;
  }
}
//// do-while verify
function verify(email, callback) {
  let rest = email;
  do {
    rest = rest.slice(1);
  } while (rest && rest[0] !== '@');
  callback(null, rest.length > 0);
}
//// flag-in-loop get_user
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  let answered = false;
  for (let i = 0; i < users.length; i++) {
    if (!answered && users[i].email === email) {
      answered = true;
      callback(null, { user_id: users[i].id, email });
    }
  }
  if (!answered) callback(null);
}
//// counted-attempts get_user
async function getUser(email, callback) {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      const response = await fetch(`${configuration.URL}/users`);
      const user = await response.json();
      return callback(null, { user_id: user.id, email });
    } catch (error) {
      if (attempt === 3) {
        return callback(error);
      }
    }
  }
}
//// attempts-of-a-list get_user
async function getUser(email, callback) {
  for (const last of [false, false, true]) {
    try {
      const response = await fetch(configuration.URL);
      return callback(null, await response.json());
    } catch (error) {
      if (last) return callback(error);
    }
  }
}
//// attempts-with-configured-limit get_user
async function getUser(email, callback) {
  const most = Number(configuration.ATTEMPTS);
  for (let attempt = 0; attempt < most; attempt++) {
    try {
      const response = await fetch(configuration.URL);
      return callback(null, await response.json());
    } catch (error) {
      if (attempt === most - 1) return callback(error);
    }
  }
  return callback(null);
}
//// error-variable verify
function verify(email, callback) {
  let error;
  try {
    JSON.parse(configuration.SETTINGS);
  } catch (failure) {
    error = failure;
  }
  if (error) return callback(error);
  return callback(null, true);
}
//// optional-call verify
function verify(email, callback) {
  return callback?.(null, email === configuration.KNOWN);
}
//// checked-callback verify
function verify(email, callback) {
  if (typeof callback !== 'function') {
    throw new Error('There is no callback');
  }
  callback(null, true);
}
//// default-callback verify
function verify(email, callback) {
  const answer = callback || function () {};
  answer(null, true);
}
//// comma verify
function verify(email, callback) {
  return console.error('verified'), callback(null, true);
}
//// hoisted-function-after-return get_user
function getUser(email, callback) {
  return answer(email ? { user_id: 'u1', email } : null);

  function answer(user) {
    if (!user) return callback(null);
    return callback(null, user);
  }
}
//// both-branches-continue change_password
function changePassword(email, newPassword, callback) {
  let strong;
  if (newPassword.length > 12) {
    strong = true;
  } else if (newPassword.length > 8) {
    strong = /\d/.test(newPassword);
  } else {
    strong = false;
  }
  strong ? callback(null, true) : callback(null, false);
}
