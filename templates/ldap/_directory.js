  // From here to the last block: reaching the directory, the same in every script of this connection.

  /** @type {any} */ // editors do not see that `connect` gives it another value
  let client = null; // opened by the first question of this run, and closed before the callback

  async function open() {
    const { Client } = require('ldapts@7.4.0');
<% if tls == 'none' %>
    const tlsOptions = undefined; // for a directory on this machine
<% elif own_ca %>
    const tlsOptions = { ca: configuration.LDAP_CA, host: new URL(configuration.LDAP_URL).hostname };
<% else %>
    const tlsOptions = { host: new URL(configuration.LDAP_URL).hostname };
<% endif %>
    const patience = <%= timeout_ms | js %>;
<% if tls == 'starttls' %>
    client = new Client({ url: configuration.LDAP_URL, timeout: patience, connectTimeout: patience });
<% else %>
    client = new Client({ url: configuration.LDAP_URL, tlsOptions, timeout: patience, connectTimeout: patience });
<% endif %>
<% if tls == 'starttls' %>
    // The handshake has no timeout of its own.
    let timer = null;
    const late = new Promise((_, reject) => {
      timer = setTimeout(reject, patience, new Error('There was no handshake in time'));
    });
    await Promise.race([client.startTLS(tlsOptions), late]).finally(() => clearTimeout(timer));
<% endif %>
    await client.bind(configuration.LDAP_BIND_DN, configuration.LDAP_PASSWORD);
  }

  // One question to the directory, as the scripts' own account.
  async function ask(question) {
    try {
      if (!client) await open();
      return await question(client);
    } catch (failure) {
      // Only the directory's code or the error's name: its texts quote names and values.
      const error = new Error(`The directory failed (${failure.code || failure.name})`);
      error.code = failure.code;
      throw error;
    }
  }
