  // Compares the password with a hash of ASP.NET Identity; where there is none, the same work is done.
  async function passwordFits(stored) {
    const { pbkdf2, timingSafeEqual } = require('crypto');
    const derive = (form) => (
      require('util').promisify(pbkdf2)(password, form.salt, form.rounds, form.key.length, form.digest)
    );
    const nobody = { digest: 'sha512', rounds: 210000, salt: Buffer.alloc(16), key: Buffer.alloc(32) };
    const form = readHash(Buffer.from(stored || '', 'base64')) || nobody;
    if (form.rounds < 100000) await derive(nobody); // an old hash takes as long as a new one
    return timingSafeEqual(await derive(form), form.key) && form !== nobody;
  }

  // Version 2 begins with 0: salt of 16 bytes, key of 32. Version 3 with 1: function, rounds, length of the salt (each
  // in 4 bytes), salt, key. null for anything else.
  function readHash(bytes) {
    if (bytes[0] === 0 && bytes.length === 49) {
      return { digest: 'sha1', rounds: 1000, salt: bytes.subarray(1, 17), key: bytes.subarray(17) };
    }
    if (bytes[0] !== 1 || bytes.length < 45) return null;
    const digest = ['sha1', 'sha256', 'sha512'][bytes.readUInt32BE(1)];
    const end = 13 + bytes.readUInt32BE(9);
    const key = bytes.subarray(end);
    if (!digest || key.length < 16) return null; // an empty key would fit any password
    return { digest, rounds: bytes.readUInt32BE(5), salt: bytes.subarray(13, end), key };
  }
