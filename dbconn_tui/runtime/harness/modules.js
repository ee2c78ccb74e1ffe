'use strict';

/**
 * Modules: `require` as a script sees it: Node's own modules, and exact versions from the cache.
 *
 * `CACHE/NAME@VERSION/node_modules/NAME` holds one version; a scoped name is written with `+` for its slash.
 */

const path = require('node:path');
const { createRequire, builtinModules } = require('node:module');
const sites = require('./sites.js');

const BUILT_IN = new Set(builtinModules);
const SPECIFIER = /^(?<name>(?:@[^/@]+\/)?[^/@]+)(?:@(?<version>[^/]*))?(?<rest>\/.*)?$/;
const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

function notFound(specifier, script) {
  const error = new Error(`Cannot find module '${specifier}'\nRequire stack:\n- ${script}`);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = [script];
  return error;
}

/**
 * A `require` for one script. `settings`: `folder` of the cache, `versions` name → cached versions, newest last,
 * `defaults` name → version for a name without one, `substitutes` name → version that stands in for any other.
 */
function scriptRequire(settings, script, report) {
  const own = createRequire(__filename);

  function choose(name, version) {
    const cached = Object.hasOwn(settings.versions, name) ? settings.versions[name] : [];
    const wanted = version || (Object.hasOwn(settings.defaults, name) ? settings.defaults[name] : cached.at(-1));
    if (cached.includes(wanted)) return wanted;
    const substitute = Object.hasOwn(settings.substitutes, name) ? settings.substitutes[name] : '';
    if (!cached.includes(substitute)) return '';
    report({ type: 'substitute', name, wanted: wanted || '', used: substitute, site: sites.here() });
    return substitute;
  }

  function find(specifier) {
    const plain = specifier.replace(/^node:/, '');
    if (BUILT_IN.has(plain) || specifier.startsWith('node:')) return { from: own, request: specifier };
    const match = SPECIFIER.exec(specifier);
    const missing = (reason, name = '', version = '') => {
      report({ type: 'missing_module', specifier, name, version, reason, site: sites.here() });
      return notFound(specifier, script);
    };
    if (!match || specifier.startsWith('.') || path.isAbsolute(specifier)) throw missing('file');
    const { name, version, rest } = match.groups;
    if (version !== undefined && !EXACT.test(version)) throw missing('range', name, version);
    const chosen = choose(name, version);
    if (!chosen) throw missing('absent', name, version || settings.defaults[name] || '');
    report({ type: 'module', name, version: chosen, site: sites.here() });
    const folder = path.join(settings.folder, `${name.replace('/', '+')}@${chosen}`);
    return { from: createRequire(path.join(folder, 'script.js')), request: name + (rest || '') };
  }

  function require(specifier) {
    if (typeof specifier !== 'string' || !specifier) {
      throw new TypeError(`The "id" argument must be a non-empty string. Received ${typeof specifier}`);
    }
    const { from, request } = find(specifier);
    return from(request);
  }
  require.resolve = (specifier) => {
    const { from, request } = find(specifier);
    return from.resolve(request);
  };
  return require;
}

module.exports = { scriptRequire };
