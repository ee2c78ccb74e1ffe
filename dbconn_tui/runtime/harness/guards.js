'use strict';

/**
 * Guards: what the script reaches for outside itself is reported; hosts that are not allowed are refused.
 *
 * Files, processes and threads are refused by Node's permission model; here the refusals are only noticed,
 * also where the script catches them. Against accidents and leaks, not against hostile code.
 */

const Module = require('node:module');
const sites = require('./sites.js');

const load = Module._load;
const { apply } = Reflect;
const { endsWith } = String.prototype;

let report = () => {};
let allowed = [];
let outage = null;

/** Sockets that were connected and not closed: `{target, site, isOpen}`. */
let connections = [];

/** Reports go to `listener` as `{type, …, site}`. */
function listen(listener) {
  report = listener;
}

/**
 * Which hosts may be reached from now on: `{host, port}` with port 0 for any; host `*` or `*.domain` as patterns.
 * In an outage they are not: `{port: 0}` refuses every connection, another port of this machine takes them all;
 * with `{routes}` that of `host:port` takes those to it.
 */
function allow(hosts, pretended) {
  allowed = hosts.map((entry) => ({ ...entry, below: entry.host.startsWith('*.') ? entry.host.slice(1) : '' }));
  connections = connections.filter((one) => one.isOpen);
  outage = pretended;
}

/** Connections that are open, as `{target, site}`. */
function open() {
  const found = [];
  for (let index = 0; index < connections.length; index += 1) {
    const { target: to, site, isOpen } = connections[index];
    if (isOpen) found[found.length] = { target: to, site };
  }
  return found;
}

/** Whether a host may be reached; port 0 asks for any port. Uses nothing that a script could have replaced. */
function isAllowed(host, port) {
  for (let index = 0; index < allowed.length; index += 1) {
    const entry = allowed[index];
    const isPort = !entry.port || !port || entry.port === port;
    const isHost =
      entry.host === '*' ||
      entry.host === host ||
      (isLoopback(entry.host) && isLoopback(host)) ||
      (entry.host[0] === '*' && entry.below && apply(endsWith, host, [entry.below]));
    if (isPort && isHost) return true;
  }
  return false;
}

function isLoopback(host) {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

function refusal(what, code = 'EACCES') {
  const error = new Error(`${what} is not allowed in a local run`);
  error.code = code;
  return error;
}

/** Host and port of the arguments of Socket.connect. */
function target(parameters) {
  let [first] = parameters;
  if (Array.isArray(first)) [first] = first;
  if (typeof first === 'object' && first !== null) {
    if (first.path) return { host: `unix:${first.path}`, port: 0 };
    return { host: String(first.host || 'localhost').toLowerCase(), port: Number(first.port) };
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { host: `unix:${first}`, port: 0 };
  const host = typeof parameters[1] === 'string' ? parameters[1] : 'localhost';
  return { host: host.toLowerCase(), port: Number(first) };
}

/** Points the arguments of Socket.connect at a port of this machine. */
function redirect(parameters, port) {
  const elsewhere = { host: '127.0.0.1', port, path: undefined };
  const [first] = parameters;
  if (Array.isArray(first)) {
    first[0] = { ...first[0], ...elsewhere };
  } else {
    const listener = parameters.find((one) => typeof one === 'function');
    const options = typeof first === 'object' && first !== null ? first : {};
    parameters.splice(0, parameters.length, { ...options, ...elsewhere }, ...(listener ? [listener] : []));
  }
}

let socketsAreGuarded = false;

/**
 * Guards every socket; done before the first thing that could open one, since loading Node's network code
 * takes a sixth of a run's start.
 */
function guardSockets() {
  if (socketsAreGuarded) return;
  socketsAreGuarded = true;
  const net = load('node:net', null, false);
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function guardedConnect(...parameters) {
    const { host, port } = target(parameters);
    const site = sites.here();
    const isFine = isAllowed(host, port);
    report({ type: 'host', host, port, allowed: isFine, site });
    if (!isFine) {
      const error = refusal(`connecting to ${port ? `${host}:${port}` : host}`);
      Object.assign(error, { syscall: 'connect', address: host, port });
      process.nextTick(() => this.destroy(error));
      return this;
    }
    const instead = outage && (outage.routes ? outage.routes[`${host}:${port}`] : outage.port);
    if (outage && !outage.routes && !instead) {
      const error = new Error(`connect ECONNREFUSED ${host}:${port}`);
      Object.assign(error, { code: 'ECONNREFUSED', syscall: 'connect', address: host, port });
      process.nextTick(() => this.destroy(error));
      return this;
    }
    if (instead) redirect(parameters, instead);
    const connection = { target: port ? `${host}:${port}` : host, site, isOpen: true };
    connections[connections.length] = connection;
    this.once('close', () => {
      connection.isOpen = false;
    });
    return Reflect.apply(connect, this, parameters);
  };
  net.Server.prototype.listen = function guardedListen() {
    throw deny('NetListen', 'listening on a port');
  };
}

function deny(permission, what) {
  report({ type: 'denied', permission, resource: what, site: sites.here() });
  return refusal(what, 'ERR_ACCESS_DENIED');
}

function notice(error, site) {
  if (error && error.code === 'ERR_ACCESS_DENIED') {
    report({ type: 'denied', permission: error.permission || '', resource: error.resource || '', site });
  }
}

/** Wraps a function so that refusals it throws, rejects with or calls back with are noticed. */
function noticing(original) {
  const attempt = (parameters, carryOut) => {
    const site = sites.here();
    const last = parameters.length - 1;
    if (typeof parameters[last] === 'function') {
      const callback = parameters[last];
      parameters[last] = function noticed(...results) {
        notice(results[0], site);
        return Reflect.apply(callback, this, results);
      };
    }
    let answer;
    try {
      answer = carryOut(parameters);
    } catch (error) {
      notice(error, site);
      throw error;
    }
    if (answer instanceof Promise) answer.catch((error) => notice(error, site));
    return answer;
  };
  return new Proxy(original, {
    apply: (inner, self, parameters) => attempt([...parameters], (given) => Reflect.apply(inner, self, given)),
    construct: (inner, parameters, made) => attempt([...parameters], (given) => Reflect.construct(inner, given, made)),
  });
}

function noticeFunctions(object) {
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
    if (typeof value === 'function' && writable) object[name] = noticing(value);
  }
}

/** Lets a script ask for the names of hosts that it may reach: a question to a name server carries data as well. */
function guardLookups(object) {
  for (const name of ['lookup', 'reverse', ...Object.keys(object).filter((key) => key.startsWith('resolve'))]) {
    const original = object[name];
    if (typeof original !== 'function') continue;
    object[name] = new Proxy(original, {
      apply(inner, self, parameters) {
        const host = String(parameters[0]).toLowerCase().replace(/^(?:_[^.]+\.)+/, '').replace(/\.$/, '');
        if (!isAllowed(host, 0)) {
          report({ type: 'host', host, port: 0, allowed: false, site: sites.here() });
          const error = refusal(`looking up ${host}`);
          const callback = parameters[parameters.length - 1];
          if (typeof callback !== 'function') return Promise.reject(error);
          process.nextTick(callback, error);
          return undefined;
        }
        return Reflect.apply(inner, self, parameters);
      },
    });
  }
}

const GUARDS = {
  fs: (module) => {
    noticeFunctions(module);
    noticeFunctions(module.promises);
  },
  child_process: noticeFunctions,
  worker_threads: noticeFunctions,
  dns: (module) => {
    for (const each of [module, module.promises]) {
      guardLookups(each);
      guardLookups(each.Resolver.prototype);
    }
  },
  v8: (module) => {
    for (const name of ['getHeapSnapshot', 'writeHeapSnapshot', 'queryObjects', 'startHeapProfile', 'startCpuProfile']) {
      if (name in module) module[name] = () => { throw deny('Inspector', 'a picture of the memory'); };
    }
  },
  trace_events: (module) => {
    module.createTracing = () => {
      throw deny('FileSystemWrite', 'a trace');
    };
  },
  dgram: (module) => {
    module.createSocket = () => {
      throw deny('Net', 'a UDP socket');
    };
  },
  inspector: (module) => {
    const denied = function Session() {
      throw deny('Inspector', 'the inspector');
    };
    load('node:inspector/promises', null, false).Session = denied;
    module.open = denied;
    module.Session = denied;
  },
};

function guardModules() {
  const guarded = new Set();
  const guard = (request) => {
    const name = String(request).replace(/^node:/, '').split('/')[0];
    if (!Object.hasOwn(GUARDS, name) || guarded.has(name)) return;
    guarded.add(name);
    GUARDS[name](load(`node:${name}`, null, false));
  };
  Module._load = function guardedLoad(request, ...rest) {
    guardSockets();
    guard(request);
    return Reflect.apply(load, this, [request, ...rest]);
  };
  if (process.getBuiltinModule) {
    const original = process.getBuiltinModule;
    process.getBuiltinModule = (name) => {
      guardSockets();
      guard(name);
      return Reflect.apply(original, process, [name]);
    };
  }
}

function guardProcess() {
  const environment = process.env;
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get() {
      const site = sites.here();
      if (site && site.immediate) report({ type: 'environment', site });
      return environment;
    },
  });
  process.kill = () => {
    throw deny('ChildProcess', 'signalling a process');
  };
  process._kill = process.kill;
  delete process._debugProcess;
  delete process._debugEnd;
}

function guardFetch() {
  const { fetch } = globalThis;
  const named = {
    fetch(...parameters) {
      guardSockets();
      report({ type: 'fetch', site: sites.here() });
      return sites.remember(() => Reflect.apply(fetch, globalThis, parameters));
    },
  };
  Object.defineProperty(globalThis, 'fetch', { configurable: true, enumerable: true, writable: true, value: named.fetch });
}

/** Puts every guard up; once per process. */
function install() {
  // Where these are, they open sockets by themselves, and looking at them closer would load them.
  if ('WebSocket' in globalThis || 'EventSource' in globalThis) guardSockets();
  guardModules();
  guardProcess();
  guardFetch();
}

module.exports = { install, listen, allow, open };
