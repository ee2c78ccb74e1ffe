  // One request and its whole answer, whatever its status; throws when there is no usable one.
  async function send(url, request) {
    try {
      const response = await fetch(url, {
        ...request,
        redirect: 'manual', // followed, it would carry passwords elsewhere
        signal: AbortSignal.timeout(<%= timeout_ms | js %>), // covers the answer's body as well
      });
      const text = await response.text();
      const json = /^\s*[[{]/.test(text) ? JSON.parse(text) : null; // error pages of gateways are HTML
      return { ok: response.ok, status: response.status, json };
    } catch (failure) {
      // A code or name only (ECONNREFUSED, TimeoutError): texts of lower layers can quote what was sent.
      throw new Error(`The user store gave no usable answer (${failure.cause?.code || failure.name})`);
    }
  }
