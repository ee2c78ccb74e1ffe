      host: configuration.DB_HOST,
      port: Number(configuration.DB_PORT),
      database: configuration.DB_NAME,
      user: configuration.DB_USER,
      password: configuration.DB_PASSWORD,
<% if tls == 'public-ca' %>
      ssl: { rejectUnauthorized: true },
<% elif tls == 'own-ca' %>
      ssl: { ca: configuration.DB_CA },
<% else %>
      ssl: false, // for a database on this machine
<% endif %>
      connectionTimeoutMillis: <%= timeout_ms | js %>,
      query_timeout: <%= timeout_ms | js %>,
