  // A JSON Web Token of one minute that a private key of ours has signed.
  function signedToken(header, claims, pem) {
    const crypto = require('crypto');
    const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const text = `${encode({ alg: 'RS256', ...header })}.${encode({ ...claims, iat: now, exp: now + 60 })}`;
    const key = pem.replace(/\\n/g, '\n'); // a PEM in one line, too
    return `${text}.${crypto.sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
  }
