  // Reaching the database: from here to the last block the same in every script.

<% if pool %>
  function connections() {
    const { Pool } = require('pg@8.11.3');
    const settings = {
<% include '_settings.js' %>
      max: 2, // there may be many containers
      allowExitOnIdle: true,
    };
    // All runs in this container share `global`: under its settings, no other connection gets this pool.
    const key = JSON.stringify(settings);
    const pools = global.userPools || (global.userPools = {});
    if (!pools[key]) {
      pools[key] = new Pool(settings);
      // A connection that breaks while idle is dropped; with nobody listening it would end the container.
      pools[key].on('error', () => {});
    }
    return pools[key];
  }
<% else %>
  let client = null; // this run's connection

  async function connect() {
    const { Client } = require('pg@8.11.3');
    client = new Client({
<% include '_settings.js' %>
    });
    client.on('error', () => {}); // it broke between two queries, and the next one says so
    await client.connect();
  }

  // Closes the connection, on every path before the callback. A server that hangs would never confirm the end.
  async function disconnect() {
    if (!client) return;
    const patience = setTimeout(() => client.connection.stream.destroy(), 500);
    await client.end();
    clearTimeout(patience);
  }
<% endif %>

  // Values go beside the text as parameters, never into it.
  async function query(text, values) {
    try {
<% if pool %>
      return await connections().query(text, values);
<% else %>
      if (!client) await connect();
      return await client.query(text, values);
<% endif %>
    } catch (failure) {
      // Only its code: the driver's own texts quote hosts and values.
      const error = new Error(`The user database failed (${failure.code || 'no answer in time'})`);
      error.code = failure.code;
      throw error;
    }
  }
