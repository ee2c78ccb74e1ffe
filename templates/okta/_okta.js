<% if credentials == 'private_key' %>
  const tokenKey = `${configuration.OKTA_URL} ${configuration.OKTA_CLIENT_ID}`;

  async function authorization() {
    const url = `${configuration.OKTA_URL}/oauth2/v1/token`;
    const { OKTA_CLIENT_ID: id, OKTA_KEY_ID: kid, OKTA_PRIVATE_KEY: pem } = configuration;
    const fields = () => new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'okta.users.read',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signedToken({ kid }, { iss: id, sub: id, aud: url }, pem),
    });
    return `Bearer ${await accessToken(tokenKey, () => send(url, { method: 'POST', body: fields() }))}`;
  }

<% include '_shared/access_token.js' %>

<% include '_shared/signed_token.js' %>
<% else %>
  async function authorization() {
    return `SSWS ${configuration.OKTA_API_TOKEN}`; // Okta's own scheme for API tokens
  }
<% endif %>

  // A refusal is an outage here: it blames our own credentials.
  async function readUsers(path) {
    const headers = { authorization: await authorization() };
    const answer = await send(`${configuration.OKTA_URL}/api/v1/users${path}`, { headers });
<% if credentials == 'private_key' %>
    if (answer.status === 401) delete global.accessTokens[tokenKey]; // revoked: the next run fetches one
<% endif %>
    if (!answer.ok || !answer.json) throw new Error(`Okta's Users API said ${answer.status}`);
    return answer.json;
  }

<% include '_shared/send.js' %>
