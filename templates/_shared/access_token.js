  // Tokens are kept in `global`, which all runs in this container share, each under whom it was issued to.
  async function accessToken(key, request) {
    if (!global.accessTokens) global.accessTokens = {};
    const cached = global.accessTokens[key];
    if (cached && cached.expiresAt > Date.now()) return cached.value;
    const { ok, status, json } = await request();
    const value = json?.access_token;
    if (!ok || typeof value !== 'string') throw new Error(`The token endpoint gave no token (${status})`);
    // Renewed a minute early, so that none expires on its way; kept for 20 minutes at most.
    const seconds = Math.min(Number(json.expires_in) || 300, 1200) - 60;
    global.accessTokens[key] = { value, expiresAt: Date.now() + seconds * 1000 };
    return value;
  }
