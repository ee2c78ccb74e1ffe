      host: configuration.DB_HOST,
      port: Number(configuration.DB_PORT),
      database: configuration.DB_NAME,
      user: configuration.DB_USER,
      password: configuration.DB_PASSWORD,
<% if tls == 'public-ca' %>
      ssl: { rejectUnauthorized: true, verifyIdentity: true }, // by itself the driver takes any name
<% elif tls == 'own-ca' %>
      ssl: { ca: configuration.DB_CA, verifyIdentity: true }, // by itself the driver takes any name
<% else %>
      ssl: undefined, // for a database on this machine
<% endif %>
      charset: 'utf8mb4',
      supportBigNumbers: true, // a large id must not be rounded
      connectTimeout: <%= timeout_ms | js %>,
      // The driver limits no other wait: its socket does. That closes an idle connection as well.
      stream: ({ config }) => {
        const socket = require('net').connect(config.port, config.host);
        return socket.setTimeout(<%= timeout_ms | js %>, () => socket.destroy(new Error('No answer in time')));
      },
