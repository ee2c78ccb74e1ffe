  const { TENANT_URL, TENANT_CONNECTION, TENANT_CLIENT_ID, TENANT_CLIENT_SECRET } = configuration;
  const application = { client_id: TENANT_CLIENT_ID, client_secret: TENANT_CLIENT_SECRET };

  function askForToken(fields) {
    const body = new URLSearchParams({ ...fields, ...application });
    return send(`${TENANT_URL}/oauth/token`, { method: 'POST', body });
  }

  // Calls the other tenant's Management API and resolves with its answer; throws when it refuses.
  async function manage(method, path, change) {
    const audience = `${TENANT_URL}/api/v2/`;
    const tokenKey = `${audience} ${TENANT_CLIENT_ID}`;
    const token = await accessToken(tokenKey, () => askForToken({ grant_type: 'client_credentials', audience }));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = change && JSON.stringify(change);
    const { ok, status, json } = await send(audience + path, { method, headers, body });
    if (status === 401) delete global.accessTokens[tokenKey]; // revoked: the next run fetches a new one
    if (!ok) {
      const error = new Error(`The other tenant's Management API answered ${status} to ${method}`);
      error.status = status;
      throw error;
    }
    return json;
  }

<% include '_shared/access_token.js' %>

<% include '_shared/send.js' %>
