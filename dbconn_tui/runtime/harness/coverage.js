'use strict';

/** Coverage: how often each block of the script ran, by V8's own counts. Started before any script could see it. */

const inspector = require('node:inspector');

const session = new inspector.Session();
const { post } = inspector.Session.prototype;

/** Begins to count. */
function start() {
  session.connect();
  Reflect.apply(post, session, ['Profiler.enable']);
  Reflect.apply(post, session, ['Profiler.startPreciseCoverage', { callCount: true, detailed: true }]);
}

/** The blocks of the latest script of that name as `[start, end, count]`, `before` units of text left out; resets. */
function take(name, before) {
  let scripts = [];
  const keep = (error, answer) => {
    if (!error) scripts = answer.result.filter((script) => script.url === name);
  };
  Reflect.apply(post, session, ['Profiler.takePreciseCoverage', keep]);
  const latest = scripts.reduce((one, other) => (Number(other.scriptId) > Number(one.scriptId) ? other : one), scripts[0]);
  if (!latest) return [];
  return latest.functions.flatMap(({ ranges }) =>
    ranges.map(({ startOffset, endOffset, count }) => [startOffset - before, endOffset - before, count]),
  );
}

module.exports = { start, take };
