'use strict';

/**
 * Channel: a line of JSON at a time from the runner and to it.
 *
 * It uses nothing that a script could have replaced: a script that sees the nonce could speak in the harness's name.
 */

const { readSync, writeSync } = require('node:fs');

const { stringify, parse } = JSON;
const { apply, ownKeys } = Reflect;
const { isArray } = Array;
const { encode } = TextEncoder.prototype;
const { decode } = TextDecoder.prototype;
const Bytes = Uint8Array;
const Memory = ArrayBuffer;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let memory = new Memory(65_536);
let unread = new Bytes(memory);
let filled = 0;

/** The value as JSON, by its own fields alone: `toJSON` and setters are a script's to define. */
function write(value) {
  if (value === null || typeof value !== 'object') return stringify(value) || 'null';
  let text = '';
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) text += `${index ? ',' : ''}${write(value[index])}`;
    return `[${text}]`;
  }
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) {
    const member = value[keys[index]];
    if (member !== undefined) text += `${text ? ',' : ''}${stringify(keys[index])}:${write(member)}`;
  }
  return `{${text}}`;
}

/** Sends an event, a plain object, as that of the run with this nonce. */
function send(descriptor, nonce, event) {
  const line = apply(encode, encoder, [`\n{"nonce":${stringify(nonce)},"event":${write(event)}}\n`]);
  const { length } = line;
  for (let written = 0; written < length; ) written += writeSync(descriptor, line, written);
}

/** The next line of stdin as the value it is, or null at its end. Blocks. */
function receive() {
  for (let at = 0; ; at += 1) {
    while (at >= filled) {
      if (filled === unread.length) grow();
      const length = read();
      if (!length) return null;
      filled += length;
    }
    if (unread[at] === 10) {
      const line = apply(decode, decoder, [new Bytes(memory, 0, at)]);
      for (let rest = at + 1; rest < filled; rest += 1) unread[rest - at - 1] = unread[rest];
      filled -= at + 1;
      return parse(line);
    }
  }
}

function read() {
  try {
    return readSync(0, unread, filled, unread.length - filled, null);
  } catch (error) {
    if (error.code === 'EOF') return 0; // what the end of a pipe is on Windows
    throw error;
  }
}

function grow() {
  const more = new Memory(2 * unread.length);
  const bytes = new Bytes(more);
  for (let index = 0; index < filled; index += 1) bytes[index] = unread[index];
  memory = more;
  unread = bytes;
}

module.exports = { send, receive };
