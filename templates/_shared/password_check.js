<% if password_scheme == 'bcrypt' %>
  // Compares the password with a stored hash; where there is none, the same work is done.
  async function passwordFits(stored) {
    const bcrypt = require('bcrypt@5.1.1');
    const isHash = /^\$2[aby]\$\d\d\$.{53}$/.test(stored);
    const nobody = `$2b$12$${'.'.repeat(53)}`;
    const hash = isHash ? stored.replace('$2y$', '$2b$') : nobody; // PHP writes 2y for what is 2b elsewhere
    return (await bcrypt.compare(password, hash)) && isHash;
  }
<% elif password_scheme == 'argon2' %>
  // Compares the password with a stored hash; where there is none, the same work is done.
  async function passwordFits(stored) {
    const argon2 = require('argon2@0.41.1');
    const isHash = /^\$argon2(id|i|d)\$/.test(stored);
    const nobody = `$argon2id$v=19$m=65536,t=3,p=4$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    return (await argon2.verify(isHash ? stored : nobody, password)) && isHash;
  }
<% elif password_scheme == 'pbkdf2' %>
  // Compares the password with a stored hash, as Django writes it; where there is none, the same work is done.
  async function passwordFits(stored) {
    const { pbkdf2, timingSafeEqual } = require('crypto');
    const form = /^pbkdf2_(sha1|sha256|sha512)\$(\d+)\$([^$]+)\$([\w+/]+=*)$/;
    const nobody = `pbkdf2_sha256$600000$salt$${'A'.repeat(43)}=`;
    const isHash = form.test(stored);
    const [, digest, rounds, salt, hash] = form.exec(isHash ? stored : nobody);
    const expected = Buffer.from(hash, 'base64');
    const given = await require('util').promisify(pbkdf2)(password, salt, Number(rounds), expected.length, digest);
    return timingSafeEqual(given, expected) && isHash;
  }
<% elif password_scheme == 'scrypt' %>
  // Compares the password with a stored hash, as passlib writes it; where there is none, the same work is done.
  async function passwordFits(stored) {
    const { scrypt, timingSafeEqual } = require('crypto');
    const form = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;
    const nobody = `$scrypt$ln=15,r=8,p=3$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const isHash = form.test(stored);
    const [, ln, r, p, salt, hash] = form.exec(isHash ? stored : nobody);
    const expected = Buffer.from(hash, 'base64');
    const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p), maxmem: 2 ** 28 };
    const given = await require('util').promisify(scrypt)(password, Buffer.from(salt, 'base64'), expected.length, cost);
    return timingSafeEqual(given, expected) && isHash;
  }
<% else %>
  // Old hashes are made of the salt and the password, in hex.
  const isOld = (stored) => /^[0-9a-f]{<%= (64 if password_scheme == 'sha256' else 128) | js %>}$/i.test(stored);

  // Compares the password with a stored hash, old or new. A new one is always made: time must not tell them apart.
  async function passwordFits(stored, oldSalt) {
    const { createHash, timingSafeEqual } = require('crypto');
    const [, salt] = /^\$scrypt\$[^$]+\$([\w+/]+)\$/.exec(stored) || ['', 'AAAA'];
    const made = await hashPassword(password, Buffer.from(salt, 'base64'));
    const old = createHash(<%= password_scheme | js %>).update(`${oldSalt}${password}`).digest('hex');
    const [given, expected] = isOld(stored) ? [old, stored.toLowerCase()] : [made, String(stored)];
    return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  }
<% endif %>
