  const contentType = 'application/x-amz-json-1.1';

  // Calls an operation of Cognito. `failed` is the name of Cognito's own error, if there is one.
  async function call(operation, body, signature) {
    const target = `AWSCognitoIdentityProviderService.${operation}`;
    const headers = { 'content-type': contentType, 'x-amz-target': target, ...signature };
    const answer = await send(`${configuration.COGNITO_URL}/`, { method: 'POST', headers, body });
    return { ...answer, failed: answer.json?.__type?.split('#').pop() };
  }

<% include '_shared/send.js' %>
