  // The Password Modify operation (RFC 3062): the directory checks its rules and hashes as it always does.
  async function setPassword(dn, plain) {
    const element = (tag, bytes) => {
      const length = [0x82, bytes.length >> 8, bytes.length & 255]; // two bytes that say how many follow
      return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    };
    const parts = [element(0x80, Buffer.from(dn)), element(0x82, Buffer.from(plain))];
    const request = element(0x30, Buffer.concat(parts));
    await ask((ldap) => ldap.exop('1.3.6.1.4.1.4203.1.11.1', request));
  }
