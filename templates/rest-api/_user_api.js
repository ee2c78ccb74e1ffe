  // From here to the last block: calling the user API, the same in every script of this connection.

  // Tokens are kept in `global`, which all runs in this container share, under what they were issued for, so
  // that no other connection gets ours. A new container starts without any.
  const tokenKey = JSON.stringify([configuration.TOKEN_URL, configuration.API_CLIENT_ID, configuration.API_AUDIENCE]);

  function cachedToken() {
    if (!global.userApiTokens) global.userApiTokens = {};
    const token = global.userApiTokens[tokenKey];
    return token && token.expiresAt > Date.now() ? token.value : null;
  }

  async function fetchToken() {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: configuration.API_CLIENT_ID,
      client_secret: configuration.API_CLIENT_SECRET,
      audience: configuration.API_AUDIENCE,
    });
    const answer = await send(configuration.TOKEN_URL, { method: 'POST', body });
    const value = answer.json?.access_token;
    if (!answer.ok || typeof value !== 'string') {
      throw new Error(`The token endpoint answered ${answer.status} without a token`);
    }
    // Renewed a minute early, so that none expires on its way; kept for 20 minutes at most, as containers are.
    const seconds = Math.min(Number(answer.json.expires_in) || 300, 1200) - 60;
    global.userApiTokens[tokenKey] = { value, expiresAt: Date.now() + seconds * 1000 };
    return value;
  }

  // Asks the API and resolves with the one field of its answer that matters.
  async function ask(path, question, field) {
    const askWith = (token) => send(configuration.API_URL + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    const cached = cachedToken();
    let answer = await askWith(cached || (await fetchToken()));
    // The only repetition: with 401 the API turned a revoked token away before it did anything.
    if (answer.status === 401 && cached) answer = await askWith(await fetchToken());
    if (!answer.ok || answer.json?.[field] === undefined) {
      const error = new Error(`The user API answered ${answer.status} without "${field}" to ${path}`);
      error.status = answer.status;
      throw error;
    }
    return answer.json[field];
  }

<% include '_shared/send.js' %>
