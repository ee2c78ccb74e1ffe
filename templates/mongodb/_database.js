  // From here to the last block: reaching the database, the same in every script of this connection.

  function connect() {
    const { MongoClient } = require('mongodb@6.12.0');
    const settings = {
      auth: { username: configuration.DB_USER, password: configuration.DB_PASSWORD },
      authSource: configuration.DB_AUTH_SOURCE,
<% if tls == 'public-ca' %>
      tls: true,
<% elif tls == 'own-ca' %>
      tls: true,
      ca: configuration.DB_CA,
<% else %>
      tls: false, // for a database on this machine
<% endif %>
      serverSelectionTimeoutMS: <%= timeout_ms | js %>,
      connectTimeoutMS: <%= timeout_ms | js %>,
      socketTimeoutMS: <%= timeout_ms | js %>,
      waitQueueTimeoutMS: <%= timeout_ms | js %>,
      retryWrites: false, // a write whose answer was lost is not done again
      serverMonitoringMode: 'poll', // streaming would open connections after the callback
      maxPoolSize: 2, // there may be many containers
      maxIdleTimeMS: 60000,
    };
    // Kept in `global`, which all runs in this container share, under its settings: so no other connection gets this
    // client, and a new password makes a new one.
    const key = JSON.stringify([configuration.DB_URL, settings]);
    if (!global.userClients) global.userClients = {};
    if (!global.userClients[key]) global.userClients[key] = new MongoClient(configuration.DB_URL, settings);
    return global.userClients[key];
  }

  // One operation on the collection.
  async function inUsers(operation) {
    try {
      return await operation(connect().db(configuration.DB_NAME).collection(<%= collection | identifier %>));
    } catch (failure) {
      // Only the database's code or the error's name: the driver's own texts quote hosts and values.
      const error = new Error(`The user database failed (${failure.code || failure.name})`);
      error.code = failure.code;
      throw error;
    }
  }
