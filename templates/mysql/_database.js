  // Reaching the database: from here to the last block the same in every script.

<% if pool %>
  function connections() {
    const mysql = require('mysql2@3.11.5');
    const settings = {
<% include '_settings.js' %>
      connectionLimit: 2, // there may be many containers
    };
    // All runs in this container share `global`: under its settings, no other connection gets this pool.
    const key = JSON.stringify(settings);
    const pools = global.userPools || (global.userPools = {});
    if (!pools[key]) {
      pools[key] = mysql.createPool(settings);
      pools[key].on('release', ({ stream }) => stream.unref()); // idle, it keeps nothing alive
      pools[key].on('acquire', ({ stream }) => stream.ref());
    }
    return pools[key];
  }
<% else %>
  let client = null; // this run's connection

  function connections() {
    const mysql = require('mysql2@3.11.5');
    if (client) return client;
    client = mysql.createConnection({
<% include '_settings.js' %>
    });
    client.on('error', () => {}); // it broke between two queries, and the next one says so
    return client;
  }

  // Closes the connection, on every path before the callback.
  async function disconnect() {
    if (!client || client.stream.destroyed) return;
    client.stream.setTimeout(500); // a server that hangs would never confirm the end
    client.end(() => {});
    await require('events').once(client.stream, 'close');
  }
<% endif %>

  // Values go beside the text as parameters, never into it.
  async function query(text, values) {
    try {
      const [result] = await connections().promise().execute(text, values);
      return result;
    } catch (failure) {
      // Only its code: the driver's own texts quote accounts and values.
      const error = new Error(`The user database failed (${failure.code || 'no answer in time'})`);
      error.code = failure.code;
      throw error;
    }
  }
