  // Calls the Identity Toolkit API. `failed` is the code of its own error, if there is one.
  async function call(path, headers, question) {
    const answer = await send(`${configuration.IDENTITY_URL}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(question),
    });
    // As in "TOO_MANY_ATTEMPTS_TRY_LATER : Access to this account has been temporarily disabled".
    const failed = answer.json?.error ? String(answer.json.error.message).split(' ')[0] : undefined;
    return { ...answer, failed };
  }

<% include '_shared/send.js' %>
