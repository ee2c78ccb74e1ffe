//// no-return-after-error get_user callback-multiple@4
function getUser(email, callback) {
  require('store').find(email, (err, user) => {
    if (err) callback(err);
    callback(null, { user_id: user.id, email });
  });
}
//// if-without-else login callback-missing@2
function login(identifier, password, callback) {
  if (password.length < 200) {
    callback(null, { user_id: 'u1', email: identifier });
  }
}
//// bare-return login callback-missing@2
function login(identifier, password, callback) {
  if (!identifier) return;
  return callback(null, { user_id: 'u1', email: identifier });
}
//// else-branch-forgets verify callback-missing@5
function verify(email, callback) {
  if (email) {
    callback(null, true);
  } else {
    return;
  }
}
//// never-mentioned verify callback-missing@1 return-value-ignored@3
function verify(email, callback) {
  const known = configuration.KNOWN;
  return known;
}
//// only-in-one-of-three verify callback-missing@4
function verify(email, callback) {
  if (email === 'a') {
    callback(null, true);
  } else if (email === 'b') {
    callback(null, false);
  }
}
//// complementary-but-not-quite get_user callback-multiple@4
function getUser(email, callback) {
  const user = configuration.KNOWN === email ? { user_id: 'u1', email } : null;
  if (!user) callback(null);
  callback(null, user);
}
//// same-condition-twice verify callback-missing@3 callback-multiple@3
function verify(email, callback) {
  if (email) callback(null, true);
  if (email) callback(null, true);
}
//// ternary-without-call verify callback-missing@2
function verify(email, callback) {
  return email ? callback(null, true) : undefined;
}
//// short-circuit-only verify callback-missing@2
function verify(email, callback) {
  email && callback(null, true);
}
//// short-circuit-twice get_user callback-multiple@2
function getUser(email, callback) {
  (email && callback(null, { user_id: 'u1', email })) || callback(null);
}
//// switch-falls-through verify callback-multiple@6
function verify(email, callback) {
  switch (email) {
    case 'a':
      callback(null, true);
    case 'b':
      callback(null, false);
      break;
    default:
      callback(new Error('This address is not known'));
  }
}
//// switch-without-default verify callback-missing@2
function verify(email, callback) {
  switch (email) {
    case 'a':
      return callback(null, true);
    case 'b':
      return callback(null, false);
  }
}
//// switch-case-forgets verify callback-missing@2
function verify(email, callback) {
  switch (email) {
    case 'a':
      break;
    default:
      callback(null, false);
  }
}
//// call-in-loop get_user callback-multiple@4
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  for (const user of users) {
    callback(null, { user_id: user.id, email });
  }
  if (users.length === 0) callback(null);
}
//// loop-ends-without-call get_user callback-missing@4
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  for (const user of users) {
    if (user.email === email) {
      return callback(null, { user_id: user.id, email });
    }
  }
}
//// call-in-for-each get_user callback-multiple@4 callback-multiple@6
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  users.forEach((user) => {
    if (user.email === email) callback(null, { user_id: user.id, email });
  });
  return callback(null);
}
//// return-in-for-each-only-leaves-the-function get_user callback-multiple@4 callback-multiple@6
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  users.forEach((user) => {
    if (user.email === email) return callback(null, { user_id: user.id, email });
  });
  return callback(null);
}
//// break-leaves-without-call verify callback-missing@4
function verify(email, callback) {
  let rest = email;
  while (true) {
    if (rest.length < 3) {
      break;
    }
    if (rest.startsWith('@')) {
      return callback(null, true);
    }
    rest = rest.slice(1);
  }
}
//// do-while-calls-again verify callback-multiple@4
function verify(email, callback) {
  let rest = email;
  do {
    callback(null, true);
    rest = rest.slice(1);
  } while (rest);
}
//// counted-loop verify callback-multiple@3
function verify(email, callback) {
  for (let i = 0; i < 2; i++) {
    callback(null, i === 1);
  }
}
//// label-skips-the-call verify callback-missing@3
function verify(email, callback) {
  check: {
    if (!email) break check;
    callback(null, true);
  }
}
//// flag-never-set verify callback-multiple@6
function verify(email, callback) {
  let answered = false;
  if (email) {
    callback(null, true);
  }
  if (!answered) callback(null, false);
}
//// flag-set-too-late get_user callback-multiple@6
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  let answered = false;
  for (const user of users) {
    if (!answered) {
      callback(null, { user_id: user.id, email });
    }
  }
  answered = true;
}
//// twice-in-a-row verify callback-multiple@3
function verify(email, callback) {
  callback(null, true);
  callback(null, true);
}
//// comma-twice verify callback-multiple@2
function verify(email, callback) {
  return callback(null, true), callback(null, false);
}
//// return-of-a-value get_user callback-missing@1 return-value-ignored@3
function getUser(email, callback) {
  const users = JSON.parse(configuration.USERS);
  return { user_id: users[email].id, email };
}
