<% if credentials == 'private_key' %>
  // A service app proves itself with a JSON Web Token of one minute that its private key has signed.
  function signedAssertion(aud) {
    const crypto = require('crypto');
    const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const iss = configuration.OKTA_CLIENT_ID;
    const exp = Math.floor(Date.now() / 1000) + 60;
    const header = encode({ alg: 'RS256', kid: configuration.OKTA_KEY_ID });
    const text = `${header}.${encode({ iss, sub: iss, aud, exp })}`;
    const key = configuration.OKTA_PRIVATE_KEY.replace(/\\n/g, '\n'); // a PEM in one line, too
    return `${text}.${crypto.sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
  }

  // Tokens are kept in `global`, which all runs in this container share.
  const tokenKey = `${configuration.OKTA_URL} ${configuration.OKTA_CLIENT_ID}`;

  async function authorization() {
    if (!global.oktaTokens) global.oktaTokens = {};
    const cached = global.oktaTokens[tokenKey];
    if (cached && cached.expiresAt > Date.now()) return `Bearer ${cached.value}`;
    const url = `${configuration.OKTA_URL}/oauth2/v1/token`;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'okta.users.read',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signedAssertion(url),
    });
    const answer = await send(url, { method: 'POST', body });
    const value = answer.json?.access_token;
    if (!answer.ok || typeof value !== 'string') throw new Error(`Okta gave no access token (${answer.status})`);
    // Renewed a minute early, so that none expires on its way; kept for 20 minutes at most.
    const seconds = Math.min(Number(answer.json.expires_in) || 300, 1200) - 60;
    global.oktaTokens[tokenKey] = { value, expiresAt: Date.now() + seconds * 1000 };
    return `Bearer ${value}`;
  }
<% else %>
  async function authorization() {
    return `SSWS ${configuration.OKTA_API_TOKEN}`; // Okta's own scheme for API tokens
  }
<% endif %>

  // A refusal here is an outage: it blames our own credentials, not the user's.
  async function readUsers(path) {
    const headers = { authorization: await authorization() };
    const answer = await send(`${configuration.OKTA_URL}/api/v1/users${path}`, { headers });
<% if credentials == 'private_key' %>
    if (answer.status === 401) delete global.oktaTokens[tokenKey]; // revoked: the next run fetches a new one
<% endif %>
    if (!answer.ok || !answer.json) throw new Error(`Okta's Users API answered ${answer.status}`);
    return answer.json;
  }

<% include '_shared/send.js' %>
