  // AWS Signature Version 4 over host, time, operation and body: no SDK is needed for it.
  function signatureOf(operation, body) {
    const crypto = require('crypto');
    const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
    const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, ''); // as in 20260131T235959Z
    const region = configuration.COGNITO_USER_POOL_ID.split('_')[0];
    const scope = [time.slice(0, 8), region, 'cognito-idp', 'aws4_request'];
    const { host } = new URL(configuration.COGNITO_URL);
    const names = 'content-type;host;x-amz-date;x-amz-target';
    const target = `AWSCognitoIdentityProviderService.${operation}`;
    const signed = `content-type:${contentType}\nhost:${host}\nx-amz-date:${time}\nx-amz-target:${target}\n`;
    const request = sha256(`POST\n/\n\n${signed}\n${names}\n${sha256(body)}`);
    const key = scope.reduce(hmac, `AWS4${configuration.AWS_SECRET_ACCESS_KEY}`);
    const proof = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${request}`).toString('hex');
    const who = `Credential=${configuration.AWS_ACCESS_KEY_ID}/${scope.join('/')}`;
    return {
      'x-amz-date': time,
      authorization: `AWS4-HMAC-SHA256 ${who}, SignedHeaders=${names}, Signature=${proof}`,
    };
  }
