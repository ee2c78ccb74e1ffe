'use strict';

/**
 * Sites: where in the script something was done, read off stack traces.
 *
 * A site is `{line, column, direct}`, counted from 1 in UTF-16 units; `direct` is false when code of an npm
 * module stands between the script and what was done, `immediate` also when Node's own code does. `current` is
 * false when the script was not running any more, only something that it had begun.
 */

const path = require('node:path');
const { AsyncLocalStorage } = require('node:async_hooks');

const { apply } = Reflect;
const { startsWith } = String.prototype;

const OWN = __dirname + path.sep;
const DEPTH = 60;

/** Sites of calls that go on after their stack is gone, such as fetch. */
const calls = new AsyncLocalStorage();

let script = '';
let inStack = /$^/;

Error.stackTraceLimit = DEPTH;

/** From now on `name` is the file name of the running script. */
function watch(name) {
  script = name;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  inStack = new RegExp(`(?:^|[\\s(])${escaped}:(\\d+):(\\d+)\\)?$`, 'm');
}

const ScriptError = Error;
const { captureStackTrace } = Error;

function callSites() {
  const { prepareStackTrace, stackTraceLimit } = ScriptError;
  const holder = {};
  try {
    ScriptError.stackTraceLimit = DEPTH;
    ScriptError.prepareStackTrace = (_, sites) => sites;
    captureStackTrace(holder, callSites);
    return holder.stack;
  } catch {
    return []; // a script made these its own
  } finally {
    restore(prepareStackTrace, stackTraceLimit);
  }
}

function restore(prepareStackTrace, stackTraceLimit) {
  try {
    ScriptError.prepareStackTrace = prepareStackTrace;
    ScriptError.stackTraceLimit = stackTraceLimit;
  } catch {
    // They cannot be set any more.
  }
}

/** The site of what is being done now, or null when no code of the script is part of it. */
function here() {
  let direct = true;
  let immediate = true;
  const stack = callSites();
  for (let index = 0; index < stack.length; index += 1) {
    const site = stack[index];
    const file = site.getFileName();
    if (file === script) return { line: site.getLineNumber(), column: site.getColumnNumber(), direct, immediate };
    if (!file || apply(startsWith, file, [OWN])) continue;
    immediate = false;
    if (!apply(startsWith, file, ['node:'])) direct = false;
  }
  const store = calls.getStore();
  return store ? { ...store, direct: direct && store.direct, immediate: false, current: false } : null;
}

/** The site where an error was made, or null. */
function of(error) {
  let stack;
  try {
    stack = error.stack;
  } catch {
    return null;
  }
  if (typeof stack !== 'string') return null;
  const found = inStack.exec(stack);
  if (found) return { line: Number(found[1]), column: Number(found[2]), direct: true };
  // A syntax error names its line and draws a caret below the text.
  const lines = stack.split('\n');
  if (lines[0].startsWith(`${script}:`) && /^\s*\^/.test(lines[2] || '')) {
    return { line: Number(lines[0].slice(script.length + 1)), column: lines[2].indexOf('^') + 1, direct: true };
  }
  return null;
}

/** Calls `then` so that whatever it starts is known to come from the place that is running now. */
function remember(then) {
  const site = here();
  return site ? calls.run(site, then) : then();
}

module.exports = { watch, here, of, remember };
