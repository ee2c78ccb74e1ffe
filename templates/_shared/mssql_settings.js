      server: configuration.DB_HOST,
      port: Number(configuration.DB_PORT),
      database: configuration.DB_NAME,
      user: configuration.DB_USER,
      password: configuration.DB_PASSWORD,
      connectionTimeout: <%= timeout_ms | js %>,
      requestTimeout: <%= timeout_ms | js %>,
<% if tls == 'public-ca' %>
      options: { encrypt: true, cancelTimeout: 500 },
<% elif tls == 'own-ca' %>
      options: { encrypt: true, cryptoCredentialsDetails: { ca: configuration.DB_CA }, cancelTimeout: 500 },
<% else %>
      options: { encrypt: false, cancelTimeout: 500 }, // for a database on this machine
<% endif %>
<% if pool %>
      pool: { max: 2, idleTimeoutMillis: 10000, acquireTimeoutMillis: <%= timeout_ms | js %> }, // there may be many containers
<% else %>
      pool: { max: 1, acquireTimeoutMillis: <%= timeout_ms | js %> },
<% endif %>
