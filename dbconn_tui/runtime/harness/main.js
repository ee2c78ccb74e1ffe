'use strict';

/**
 * Runs action scripts, one at a time: a job is a line of JSON on stdin, what happens are lines of JSON on the
 * descriptor given as the first argument, each carrying the job's nonce; `coverage` may be the second one. Between two jobs the process is
 * blocked in a read, so that nothing of a script runs then; globals stay, as in a container of the platform.
 */

const Module = require('node:module');
const vm = require('node:vm');
const util = require('node:util');
const sites = require('./sites.js');
const border = require('./border.js');
const guards = require('./guards.js');
const channel = require('./channel.js');
const { scriptRequire } = require('./modules.js');

const CHANNEL = Number(process.argv[2]);
const coverage = process.argv[3] === 'coverage' ? require('./coverage.js') : null;
const AFTER_FAILURE_MS = 100;
const MOST_REPORTS = 600;
const LONGEST_TEXT = 8_000;
const LEVELS = ['log', 'info', 'debug', 'warn', 'error', 'trace'];
const BEFORE = '(function (require, module, exports, __filename, __dirname, configuration) { return (\n';
const UNREMARKABLE = new Set([...Object.getOwnPropertyNames(Object.prototype), 'toJSON', 'then', 'inspect']);

const { Script } = vm;
const { runInThisContext } = Script.prototype;
const { apply } = Reflect;
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { bigint } = process.hrtime;
const toNumber = Number;
const { getActiveResourcesInfo } = process;
const leave = process.reallyExit.bind(process);
const now = () => toNumber(bigint()) / 1e6;

let run = null;
function send(event) {
  channel.send(CHANNEL, run.nonce, event);
}

/** Sends something the script did while it ran. */
function report(event) {
  if (!run || run.over) return;
  run.reports += 1;
  if (run.reports > MOST_REPORTS) {
    if (run.reports === MOST_REPORTS + 1) send({ type: 'cut' });
    return;
  }
  send({ ...event, at: now() - run.started, after: run.calls > 0 });
}

function receive() {
  const job = channel.receive();
  if (job === null) leave(0);
  setImmediate(() => execute(job));
}

/** Frozen configuration that reports reads of keys that are not there, and writes. */
function watchedConfiguration(values) {
  const written = (key) => report({ type: 'configuration_write', key: String(key), site: sites.here() });
  return new Proxy(Object.freeze({ ...values }), {
    get(target, key, receiver) {
      if (typeof key === 'string' && !Object.hasOwn(target, key) && !UNREMARKABLE.has(key)) {
        report({ type: 'configuration_undefined', key, site: sites.here() });
      }
      return Reflect.get(target, key, receiver);
    },
    set(target, key) {
      written(key);
      return false;
    },
    defineProperty(target, key) {
      written(key);
      return false;
    },
    deleteProperty(target, key) {
      written(key);
      return false;
    },
  });
}

/** Globals of old that load their module when they are first used; each use is told. */
function provideGlobals(magic, load) {
  for (const name of Object.keys(magic)) {
    initialGlobals.add(name);
    const replace = (value) => Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    const get = () => {
      report({ type: 'magic_global', name, module: magic[name], site: sites.here() });
      return load(magic[name]);
    };
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { configurable: true, get, set: replace });
  }
}

/** The script's function: its text is one expression, evaluated in parentheses. */
function evaluate(job) {
  const module = { exports: {} };
  const load = scriptRequire(job.modules, job.name, report);
  provideGlobals(job.magic, load);
  const script = new Script(`${BEFORE}${job.text}\n) })`, { filename: job.name, lineOffset: -1 });
  return apply(runInThisContext, script, [])(
    load,
    module,
    module.exports,
    job.name,
    '.',
    watchedConfiguration(job.configuration),
  );
}

function execute(job) {
  const current = {
    nonce: job.nonce,
    name: job.name,
    markers: job.markers,
    calls: 0,
    reports: 0,
    over: false,
    started: now(),
    timers: [],
  };
  run = current;
  sites.watch(job.name);
  guards.allow(job.hosts, job.outage);
  let script;
  try {
    script = evaluate(job);
  } catch (error) {
    send({ type: 'not_evaluated', error: border.describe(error) });
    finish(current, 'not_evaluated');
    return;
  }
  if (typeof script !== 'function') {
    send({ type: 'not_a_function', is: border.typeOf(script) });
    finish(current, 'not_evaluated');
    return;
  }
  later(current, job.limit_ms, 'limit');
  current.started = now();
  try {
    script(...job.arguments, (...parameters) => called(current, parameters, job.grace_ms));
  } catch (error) {
    failed('threw', error, true);
  }
}

/** Ends the run in `ms` milliseconds, unless nothing is left to wait for before. */
function later(current, ms, reason) {
  const timer = setTimeout(() => finish(current, reason), ms);
  timer.unref();
  current.timers[current.timers.length] = timer;
}

function called(current, parameters, graceMs) {
  const at = now() - current.started;
  if (current !== run || current.over) {
    if (run && !run.over) report({ type: 'stale_callback', site: sites.here() });
    return;
  }
  current.calls += 1;
  if (current.calls > 5) return;
  send({ type: 'callback', at, site: sites.here(), ...border.cross(parameters) });
  if (current.calls === 1) later(current, graceMs, 'grace');
}

function failed(type, error, direct) {
  if (!run || run.over) return;
  report({ type, error: border.describe(error), direct });
  if (!run.calls) later(run, AFTER_FAILURE_MS, 'failed');
}

/** Whether a value may hold a connection: anything but plain data. */
function isLive(value, depth = 0) {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || depth > 4) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Date.prototype) return false;
  if (prototype === Map.prototype || prototype === Set.prototype) {
    return [...value.entries()].slice(0, 100).flat().some((one) => isLive(one, depth + 1));
  }
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return true;
  return Object.values(value).slice(0, 100).some((one) => isLive(one, depth + 1));
}

/** Globals that scripts made, and which of the run's markers (such as the password) their values hold. */
function keptGlobals(markers) {
  return Object.getOwnPropertyNames(globalThis)
    .filter((name) => !initialGlobals.has(name))
    .slice(0, 20)
    .map((name) => {
      const value = globalThis[name];
      const text = util.inspect(value, { depth: 4, maxArrayLength: 50, breakLength: Infinity });
      const holds = Object.keys(markers).filter((marker) => text.includes(markers[marker]));
      return { name, holds, live: isLive(value) };
    });
}

function finish(current, reason) {
  if (current.over) return;
  const elapsed = now() - current.started;
  const resources = getActiveResourcesInfo();
  for (let index = 0; index < current.timers.length; index += 1) clearTimeout(current.timers[index]);
  if (coverage) send({ type: 'coverage', ranges: coverage.take(current.name, BEFORE.length) });
  let kept = [];
  try {
    kept = keptGlobals(current.markers);
  } catch {
    // A script that changes what objects are made of: its globals cannot be looked at.
  }
  send({ type: 'finished', reason, elapsed, resources, open: guards.open(), kept });
  current.over = true;
  receive();
}

function captureOutput() {
  const cut = (text) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text);
  const write = (level, text) => report({ type: 'log', level, text: cut(text), site: sites.here() });
  for (const level of LEVELS) console[level] = (...parameters) => write(level, util.format(...parameters));
  for (const [name, level] of [['stdout', 'log'], ['stderr', 'error']]) {
    let stream = null;
    const make = () => {
      const { Writable } = require('node:stream');
      return new Writable({
        decodeStrings: false,
        write(chunk, _, done) {
          write(level, String(chunk).replace(/\n$/, ''));
          done();
        },
      });
    };
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => (stream ??= make()) });
  }
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get: () => require('node:stream').Readable.from([]),
  });
}

function captureEnds() {
  for (const name of ['exit', 'reallyExit', 'abort']) {
    process[name] = (code) => {
      report({ type: 'exit', site: sites.here() });
      leave(Number(code) || 0);
    };
  }
  process.on('uncaughtException', (error, origin) => {
    if (origin !== 'unhandledRejection') failed('threw', error, false);
  });
  process.on('unhandledRejection', (error) => failed('unhandled_rejection', error, false));
  process.on('beforeExit', () => {
    if (run && !run.over) finish(run, 'drained');
  });
}

/** Takes the harness's own modules out of what `require` can reach: with them a script could lift its guards. */
function hide() {
  for (const file of Object.keys(Module._cache)) delete Module._cache[file];
  module.children.length = 0;
  process.mainModule = undefined;
}

process.argv.length = 1;
hide();
Object.assign(globalThis, border.classes);
guards.listen(report);
guards.install();
captureOutput();
captureEnds();
if (coverage) coverage.start();
const initialGlobals = new Set(Object.getOwnPropertyNames(globalThis));
receive();
