// Runs action scripts as the platform does: evaluates `(<script>)(arguments…, callback)` with `configuration`, a
// container's `global` and the three error classes, and notes every call of the callback.
//
// stdin:  {"runs": [{"name", "container", "script", "arguments", "configuration", "before"}]}
//         Runs of one container share `global` and go one after the other; containers go side by side.
//         `before` is a URL that is fetched first.
// stdout: {"results": {name: {"calls": [{"arity", "error", "result"}], "thrown", "parameters"}}, "unhandled": […]}
//         It is printed when nothing is left to happen, so calls that come late are counted too.
'use strict';

class WrongUsernameOrPasswordError extends Error {
  constructor(user_id, message) {
    super(message);
    Object.assign(this, { name: 'WrongUsernameOrPasswordError', code: 'wrongusernameorpassword', user_id });
  }
}
class ValidationError extends Error {
  constructor(code, message) {
    super(message);
    Object.assign(this, { name: 'ValidationError', code, description: message });
  }
}
class UnauthorizedError extends Error {
  constructor(message) {
    super(message);
    Object.assign(this, { name: 'UnauthorizedError', code: 'unauthorized', description: message });
  }
}

const results = Object.create(null); // so that a run may be called __proto__
const unhandled = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));

function crossing(value) {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function described(error) {
  if (error === null || error === undefined) return null;
  if (!(error instanceof Error)) return { name: `not an Error: ${typeof error}` };
  const { name, message, code, user_id } = error;
  return { name, message, code, user_id };
}

function evaluate(script, configuration, container) {
  const given = {
    configuration, global: container, require, WrongUsernameOrPasswordError, ValidationError, UnauthorizedError,
  };
  return new Function(...Object.keys(given), `'use strict'; return (${script}\n)`)(...Object.values(given));
}

async function run(job, container) {
  const result = { calls: [], thrown: null, parameters: null };
  results[job.name] = result;
  if (job.before) await fetch(job.before, { method: 'POST' });
  await new Promise((called) => {
    function callback(...values) {
      result.calls.push({ arity: values.length, error: described(values[0]), result: crossing(values[1]) });
      called();
    }
    try {
      const script = evaluate(job.script, Object.freeze({ ...job.configuration }), container);
      result.parameters = script.length;
      script(...job.arguments, callback);
    } catch (error) {
      result.thrown = String(error);
      called();
    }
  });
}

async function main(jobs) {
  const containers = new Map();
  for (const job of jobs) {
    if (!containers.has(job.container)) containers.set(job.container, []);
    containers.get(job.container).push(job);
  }
  await Promise.all([...containers.values()].map(async (queue) => {
    const container = {};
    for (const job of queue) await run(job, container);
  }));
}

let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => { input += piece; });
process.stdin.on('end', () => main(JSON.parse(input).runs));
process.once('beforeExit', () => process.stdout.write(JSON.stringify({ results, unhandled })));
