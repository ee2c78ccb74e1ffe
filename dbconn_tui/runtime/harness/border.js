'use strict';

/**
 * Border: what is left of the callback's arguments once they leave the sandbox (runtime.md §5).
 *
 * A result crosses as JSON; of an error only a few fields do, a text becomes `{message}`.
 */

const util = require('node:util');
const sites = require('./sites.js');

const FIELDS = ['name', 'message', 'code', 'description', 'user_id', 'stack', 'status_code'];
const DEPTH = 6;

// Kept from before any script could replace them.
const { stringify, parse } = JSON;
const { keys } = Object;
const { isArray } = Array;

class WrongUsernameOrPasswordError extends Error {
  constructor(userId, message) {
    super(message);
    this.name = 'WrongUsernameOrPasswordError';
    this.code = 'wrongusernameorpassword';
    this.message = message;
    this.user_id = userId;
    this.statusCode = 400;
  }
}

class ValidationError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'ValidationError';
    this.code = code;
    this.message = message;
    this.description = message;
    this.statusCode = 400;
  }
}

class UnauthorizedError extends Error {
  constructor(message) {
    super(message);
    this.name = 'UnauthorizedError';
    this.code = 'unauthorized';
    this.message = message;
    this.description = message;
    this.statusCode = 401;
  }
}

/** The word for what a value is: undefined, null, boolean, number, string, array, object, function, … */
function typeOf(value) {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}

function isError(value) {
  return value instanceof Error || util.types.isNativeError(value);
}

/** JSON text of a value, or why there is none. `undefined` and functions have no text and no reason. */
function toJson(value) {
  try {
    return { text: stringify(value), failure: '' };
  } catch (failure) {
    return { text: undefined, failure: String(failure && failure.message).split('\n')[0] };
  }
}

/** Paths of parts that JSON drops or changes, at most ten: `[{path, was}]`. */
function losses(value) {
  const found = [];
  const visit = (part, path, depth) => {
    if (found.length >= 10 || depth > DEPTH) return;
    const type = typeof part;
    if (type === 'function' || type === 'symbol') {
      found.push({ path, was: type });
    } else if (type === 'number' && !Number.isFinite(part)) {
      found.push({ path, was: String(part) });
    } else if (part instanceof Date || part instanceof Map || part instanceof Set || ArrayBuffer.isView(part)) {
      found.push({ path, was: part.constructor.name });
    } else if (type === 'object' && part !== null) {
      for (const key of keys(part)) visit(part[key], path ? `${path}.${key}` : key, depth + 1);
    }
  };
  visit(value, '', 0);
  return found;
}

/** An error as it leaves the sandbox, with what the runner wants to know about the value it was. */
function describe(error) {
  const real = isError(error);
  const fields = {};
  if (real) {
    for (const field of FIELDS) {
      const { text } = toJson(error[field]);
      if (text !== undefined) fields[field] = parse(text);
    }
  } else {
    const { text } = toJson(error);
    fields.message = text === undefined ? null : parse(text);
  }
  return { type: real ? 'error' : typeOf(error), fields, site: real ? sites.of(error) : null };
}

/** The callback's arguments as they leave the sandbox. */
function cross(parameters) {
  const [error, result] = parameters;
  const { text, failure } = toJson(result);
  return {
    number: parameters.length,
    error: error === undefined || error === null ? null : describe(error),
    error_type: typeOf(error),
    falsy: !error,
    result: text === undefined ? null : text,
    result_type: typeOf(result),
    failure,
    losses: failure ? [] : losses(result),
  };
}

module.exports = {
  classes: { WrongUsernameOrPasswordError, ValidationError, UnauthorizedError },
  cross,
  describe,
  typeOf,
};
