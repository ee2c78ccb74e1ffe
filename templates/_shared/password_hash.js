<% if password_scheme == 'bcrypt' %>
  async function hashPassword(plain) {
    if (Buffer.byteLength(plain) > 72) throw new Error('The password is longer than the 72 bytes that bcrypt looks at');
    return require('bcrypt@5.1.1').hash(plain, 12);
  }
<% elif password_scheme == 'argon2' %>
  async function hashPassword(plain) {
    return require('argon2@0.41.1').hash(plain); // Argon2id with a new salt
  }
<% elif password_scheme == 'pbkdf2' %>
  // As Django writes it.
  async function hashPassword(plain) {
    const { pbkdf2, randomBytes } = require('crypto');
    const salt = randomBytes(16).toString('hex');
    const hash = await require('util').promisify(pbkdf2)(plain, salt, 600000, 32, 'sha256');
    return `pbkdf2_sha256$600000$${salt}$${hash.toString('base64')}`;
  }
<% else %>
  // As passlib and others write it: base64 without padding.
  async function hashPassword(plain, salt = require('crypto').randomBytes(16)) {
    const { scrypt } = require('crypto');
    const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 28 };
    const hash = await require('util').promisify(scrypt)(plain, salt, 32, cost);
    const text = (bytes) => bytes.toString('base64').replace(/=+$/, '');
    return `$scrypt$ln=15,r=8,p=3$${text(salt)}$${text(hash)}`;
  }
<% endif %>
