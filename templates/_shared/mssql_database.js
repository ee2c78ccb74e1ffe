  // Reaching the database: from here to the last block the same in every script.

<% if pool %>
  function connections() {
    const { ConnectionPool } = require('mssql@11.0.1');
    const settings = {
<% include '_shared/mssql_settings.js' %>
    };
    // All runs in this container share `global`: under its settings, no other connection gets this pool.
    const key = JSON.stringify(settings);
    const pools = global.userPools || (global.userPools = {});
    if (!pools[key]) {
      pools[key] = new ConnectionPool(settings);
      // A connection that breaks while idle is dropped; with nobody listening it would end the container.
      pools[key].on('error', () => {});
    }
    return pools[key].connect(); // at once, when it is connected
  }
<% else %>
  let pool = null; // this run's connection

  function connections() {
    const { ConnectionPool } = require('mssql@11.0.1');
    if (pool) return pool.connect(); // at once, when it is connected
    pool = new ConnectionPool({
<% include '_shared/mssql_settings.js' %>
    });
    pool.on('error', () => {}); // it broke between two queries, and the next one says so
    return pool.connect();
  }

  // Closes the connection, on every path before the callback.
  async function disconnect() {
    if (pool) await pool.close();
  }
<% endif %>

  // Values go beside the text as parameters, never into it.
  async function query(text, values) {
    try {
      const request = (await connections()).request();
      Object.entries(values).forEach(([name, value]) => request.input(name, value));
      return await request.query(text);
    } catch (failure) {
      // Only its numbers: the driver's own texts quote accounts and values.
      const error = new Error(`The user database failed (${failure.number || failure.code || 'no answer in time'})`);
      error.code = failure.number;
      throw error;
    }
  }
