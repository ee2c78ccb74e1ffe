  // Version 3 with HMAC-SHA512 (2), as ASP.NET Core Identity writes it.
  async function hashPassword(plain) {
    const { pbkdf2, randomBytes } = require('crypto');
    const salt = randomBytes(16);
    const key = await require('util').promisify(pbkdf2)(plain, salt, 210000, 32, 'sha512');
    const head = Buffer.alloc(13);
    head.writeUInt8(1, 0);
    [2, 210000, salt.length].forEach((number, place) => head.writeUInt32BE(number, 1 + 4 * place));
    return Buffer.concat([head, salt, key]).toString('base64');
  }
