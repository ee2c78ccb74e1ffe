  // Asks the user API and resolves with the one field of its answer that matters. Nothing is ever asked twice.
  async function ask(path, question, field) {
    // RFC 7617: the user name may hold no colon, since the first one ends it.
    const credentials = Buffer.from(`${configuration.API_USER}:${configuration.API_PASSWORD}`).toString('base64');
    const answer = await send(configuration.API_URL + path, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    if (!answer.ok || answer.json?.[field] === undefined) {
      const error = new Error(`The user API answered ${answer.status} without "${field}" to ${path}`);
      error.status = answer.status;
      throw error;
    }
    return answer.json[field];
  }

<% include '_shared/send.js' %>
