'use strict';

/**
 * Runs action scripts, one at a time: a job is a line of JSON on stdin, what happens are lines of JSON on the
 * descriptor given as the first argument, each carrying the job's nonce; `coverage` may be the second one. Between two jobs the process is
 * blocked in a read, so that nothing of a script runs then; globals stay, as in a container of the platform.
 */

const fs = require('node:fs');
const vm = require('node:vm');
const util = require('node:util');
const sites = require('./sites.js');
const border = require('./border.js');
const guards = require('./guards.js');
const { scriptRequire } = require('./modules.js');

const CHANNEL = Number(process.argv[2]);
const coverage = process.argv[3] === 'coverage' ? require('./coverage.js') : null;
const AFTER_FAILURE_MS = 100;
const MOST_REPORTS = 600;
const LONGEST_TEXT = 8_000;
const LEVELS = ['log', 'info', 'debug', 'warn', 'error', 'trace'];
const BEFORE = '(function (require, module, exports, __filename, __dirname, configuration) { return (\n';
const UNREMARKABLE = new Set([...Object.getOwnPropertyNames(Object.prototype), 'toJSON', 'then', 'inspect']);

const { readSync, writeSync } = fs;
const { stringify, parse } = JSON;
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const leave = process.reallyExit.bind(process);
const now = () => Number(process.hrtime.bigint()) / 1e6;

let run = null;
let unread = Buffer.alloc(0);

function send(event) {
  const line = Buffer.from(`\n${stringify({ nonce: run.nonce, ...event })}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(CHANNEL, line, written);
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

/** The next line of stdin, or null at its end. Blocks. */
function readLine() {
  for (;;) {
    const end = unread.indexOf(10);
    if (end >= 0) {
      const line = unread.toString('utf8', 0, end);
      unread = unread.subarray(end + 1);
      return line;
    }
    const chunk = Buffer.alloc(65_536);
    const length = readSync(0, chunk, 0, chunk.length, null);
    if (!length) return null;
    unread = Buffer.concat([unread, chunk.subarray(0, length)]);
  }
}

function receive() {
  const line = readLine();
  if (line === null) leave(0);
  const job = parse(line);
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

/** The script's function: its text is one expression, evaluated in parentheses. */
function evaluate(job) {
  const module = { exports: {} };
  const script = new vm.Script(`${BEFORE}${job.text}\n) })`, { filename: job.name, lineOffset: -1 });
  return script.runInThisContext()(
    scriptRequire(job.modules, job.name, report),
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
  current.timers.push(timer);
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
  const resources = process.getActiveResourcesInfo();
  current.timers.forEach(clearTimeout);
  if (coverage) send({ type: 'coverage', ranges: coverage.take(current.name, BEFORE.length) });
  send({ type: 'finished', reason, elapsed, resources, open: guards.open(), kept: keptGlobals(current.markers) });
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

process.argv.length = 1;
Object.assign(globalThis, border.classes);
guards.listen(report);
guards.install();
captureOutput();
captureEnds();
if (coverage) coverage.start();
const initialGlobals = new Set(Object.getOwnPropertyNames(globalThis));
receive();
