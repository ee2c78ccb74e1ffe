"""Scripts as people write them: sound ones in which nothing is found, and ones with known faults."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.examples import script_text
from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.problems import Severity

SOUND = {
    "a pool of pg kept in global": (
        "login",
        """
        const { Pool } = require('pg@8.11.3');
        const bcrypt = require('bcrypt@5.1.1');
        const wrong = 'Wrong user name or password';
        if (!global.pool) {
          global.pool = new Pool({
            connectionString: configuration.DATABASE_URL,
            max: 2,
            connectionTimeoutMillis: 4000,
            query_timeout: 4000,
          });
        }
        let profile = null;
        let error = null;
        try {
          const sql = 'SELECT id, email, verified, password_hash FROM users WHERE email = $1 OR username = $1';
          const { rows } = await global.pool.query(sql, [identifier]);
          if (rows.length > 1) throw new Error('ambiguous identifier');
          const row = rows[0];
          if (row && (await bcrypt.compare(password, row.password_hash))) {
            profile = { user_id: String(row.id), email: row.email, email_verified: row.verified === true };
          } else {
            error = new WrongUsernameOrPasswordError(identifier, wrong);
          }
        } catch (failure) {
          error = new Error('the user store is unavailable');
        }
        if (error) return callback(error);
        return callback(null, profile);
        """,
    ),
    "mysql2 with callbacks": (
        "get_user",
        """
        const mysql = require('mysql2@3.9.7');
        const connection = mysql.createConnection({
          host: configuration.DB_HOST,
          user: configuration.DB_USER,
          password: configuration.DB_PASSWORD,
          database: configuration.DB_NAME,
          connectTimeout: 4000,
          ssl: { ca: configuration.DB_CA },
        });
        const sql = 'SELECT id, email, verified FROM users WHERE email = ? LIMIT 1';
        connection.query({ sql, timeout: 4000 }, [identifier], function (err, results) {
          connection.end();
          if (err) return callback(new Error('the user store is unavailable'));
          if (results.length === 0) return callback(null);
          const user = results[0];
          return callback(null, {
            user_id: user.id.toString(),
            email: user.email,
            email_verified: user.verified === 1,
          });
        });
        """,
    ),
    "mongodb with promises": (
        "change_password",
        """
        const bcrypt = require('bcrypt@5.1.1');
        const { MongoClient } = require('mongodb@6.12.0');
        const client = new MongoClient(configuration.MONGO_URL, { serverSelectionTimeoutMS: 4000 });
        let changed = false;
        let error = null;
        try {
          const hash = await bcrypt.hash(newPassword, 12);
          await client.connect();
          const users = client.db('shop').collection('users');
          const result = await users.updateOne({ email: identifier }, { $set: { password: hash } });
          changed = result.modifiedCount === 1;
        } catch (failure) {
          error = new Error('the user store is unavailable');
        } finally {
          await client.close().catch(() => {});
        }
        if (error) return callback(error);
        return callback(null, changed);
        """,
    ),
    "an axios instance": (
        "create",
        """
        const axios = require('axios@1.7.9');
        const api = axios.create({ baseURL: configuration.API_URL, timeout: 5000 });
        let error = null;
        try {
          await api.post('/users', { email: user.email, password: user.password });
        } catch (failure) {
          const status = failure.response ? failure.response.status : 0;
          error = status === 409
            ? new ValidationError('user_exists', 'The user already exists')
            : new Error('the user store is unavailable');
        }
        if (error) return callback(error);
        return callback(null);
        """,
    ),
    "fetch with a helper": (
        "delete",
        """
        async function send(path, method) {
          const response = await fetch(`${configuration.API_URL}${path}`, {
            method,
            headers: { authorization: `Bearer ${configuration.API_TOKEN}` },
            signal: AbortSignal.timeout(5000),
          });
          if (!response.ok && response.status !== 404) throw new Error(`the store answered ${response.status}`);
        }
        let error = null;
        try {
          await send('/users/' + encodeURIComponent(id), 'DELETE');
        } catch (failure) {
          error = failure;
        }
        if (error) return callback(error);
        return callback(null);
        """,
    ),
    "ldapts": (
        "login",
        """
        const { Client, EqualityFilter } = require('ldapts@7.2.1');
        const wrong = 'Wrong user name or password';
        if (!identifier || !password) return callback(new WrongUsernameOrPasswordError(identifier, wrong));
        const client = new Client({ url: configuration.LDAP_URL, timeout: 4000, connectTimeout: 4000 });
        let profile = null;
        let error = null;
        try {
          await client.bind(configuration.LDAP_DN, configuration.LDAP_PASSWORD);
          const { searchEntries } = await client.search(configuration.LDAP_BASE, {
            filter: new EqualityFilter({ attribute: 'mail', value: identifier }),
          });
          const entry = searchEntries[0];
          if (!entry) {
            error = new WrongUsernameOrPasswordError(null, wrong);
          } else {
            await client.bind(entry.dn, password);
            profile = { user_id: String(entry.entryUUID), email: entry.mail };
          }
        } catch (failure) {
          error = failure.code === 49 ? new WrongUsernameOrPasswordError(identifier, wrong) : new Error('no directory');
        } finally {
          await client.unbind().catch(() => {});
        }
        if (error) return callback(error);
        return callback(null, profile);
        """,
    ),
}
"""Name → kind and body; none of the rules below finds anything at warning or above."""

FAULTY: dict[str, tuple[str, str, set[str]]] = {
    "the published MySQL login": (
        "login",
        """
        const bcrypt = require('bcrypt');
        const mysql = require('mysql');
        const connection = mysql({ host: 'localhost', user: 'me', password: 'secret', database: 'mydb' });
        connection.connect();
        const query = 'SELECT id, nickname, email, password FROM users WHERE email = ?';
        connection.query(query, [identifier], function (err, results) {
          if (err) return callback(err);
          if (results.length === 0) return callback(new WrongUsernameOrPasswordError(identifier));
          const user = results[0];
          bcrypt.compare(password, user.password, function (err, isValid) {
            if (err || !isValid) return callback(err || new WrongUsernameOrPasswordError(identifier));
            callback(null, { user_id: user.id.toString(), nickname: user.nickname, email: user.email });
          });
        });
        """,
        {"driver-api-mismatch", "module-unpinned", "module-deprecated", "template-placeholder"},
    ),
    "the published MongoDB delete": (
        "delete",
        """
        const { MongoClient } = require('mongodb@3.1.4');
        const client = new MongoClient('mongodb://user:pass@mymongoserver.com');
        client.connect(function (err) {
          if (err) return callback(err);
          const users = client.db('db-name').collection('users');
          users.deleteOne({ _id: id }, function (err) {
            client.close();
            return callback(err);
          });
        });
        """,
        {"module-removed", "template-placeholder"},
    ),
    "the published PostgreSQL get_user": (
        "get_user",
        """
        const postgres = require('pg');
        const conString = 'postgres://user:pass@localhost/mydb';
        postgres.connect(conString, function (err, client, done) {
          if (err) return callback(err);
          const query = 'SELECT id, nickname, email FROM users WHERE email = $1';
          client.query(query, [identifier], function (err, result) {
            done();
            if (err || result.rows.length === 0) return callback(err);
            const user = result.rows[0];
            return callback(null, { user_id: user.id, nickname: user.nickname, email: user.email });
          });
        });
        """,
        {"driver-api-mismatch", "module-unpinned", "template-placeholder"},
    ),
    "the published SQL Server login": (
        "login",
        """
        const sqlserver = require('tedious@11.0.3');
        const Connection = sqlserver.Connection;
        const Request = sqlserver.Request;
        const TYPES = sqlserver.TYPES;
        const connection = new Connection({
          userName: 'the username',
          password: 'the password',
          server: 'the server',
          options: { database: 'the db name', encrypt: true },
        });
        connection.on('connect', function (err) {
          if (err) return callback(err);
          const query = new Request('SELECT Id FROM Users WHERE Email = @Email', function (err, count, rows) {
            if (err) return callback(err);
            return callback(null, { user_id: rows[0][0].value, email: identifier, token: password });
          });
          query.addParameter('Email', TYPES.VarChar, identifier);
          connection.execSql(query);
        });
        """,
        {"driver-api-mismatch", "template-placeholder", "db-connection-leak", "profile-sensitive"},
    ),
    "the published axios get_user": (
        "get_user",
        """
        const axios = require('axios@0.22.0');
        try {
          const response = await axios.get(configuration.URL, { timeout: 10000, params: { email: identifier } });
          return callback(null, { user_id: response.data.id, email: response.data.email });
        } catch (e) {
          if (e.response.status === 404) return callback(null);
          return callback(e);
        }
        """,
        {"module-removed", "error-response-unchecked", "http-timeout-too-long", "pii-in-url"},
    ),
    "the published basic-auth create": (
        "create",
        """
        const request = require('request');
        request.post({ url: 'https://localhost/users', json: user, auth: { username: 'u' } }, function (err) {
          callback(err);
        });
        """,
        {"module-unpinned", "http-timeout-missing", "http-status-unchecked", "user-object-forwarded"},
    ),
    "DB2 with a statement built from the input": (
        "login",
        """
        const ibmdb = require('ibm_db@2.8.0');
        ibmdb.open(configuration.DSN, function (err, conn) {
          if (err) return callback(err);
          conn.query("select id, pw from users where email = '" + identifier + "'", function (err, data) {
            if (err) return callback(err);
            if (bcrypt.compareSync(password, data[0].pw)) return callback(null, { user_id: data[0].id });
            return callback(new WrongUsernameOrPasswordError(identifier));
          });
        });
        """,
        {"sql-injection", "magic-global", "sync-blocking", "empty-result-unchecked", "db-connection-leak"},
    ),
    "an old script with globals": (
        "get_user",
        """
        request.get({ url: 'http://api.acme.com/users?email=' + identifier }, function (err, response, body) {
          if (err) return callback(err);
          console.log(body);
          const found = JSON.parse(body);
          result = found.users[0];
          return callback(null, { user_id: result.email, email: result.email, email_verified: true });
        });
        """,
        {
            *("magic-global", "insecure-http", "url-injection", "pii-in-url", "http-timeout-missing", "log-sensitive"),
            *("unguarded-json-parse", "implicit-global", "profile-user-id-mutable", "http-status-unchecked"),
        },
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_found_in_a_sound_script(name: str) -> None:
    kind, body = SOUND[name]
    text = script_text(kind, body, is_async="await " in body)
    problems = lint_script(kind, text, file=f"{kind}.js")
    assert [str(problem) for problem in problems if problem.effective_severity is not Severity.INFO] == []


@pytest.mark.parametrize("name", FAULTY)
def test_known_faults_are_found(name: str) -> None:
    kind, body, expected = FAULTY[name]
    assert expected <= BY_ID.keys()
    text = script_text(kind, body, is_async="await " in body)
    found = {problem.rule for problem in lint_script(kind, text, file=f"{kind}.js")}
    assert expected - found == set()


PIECES = st.sampled_from(
    [
        *("require('pg@8.1.0')", "require(", "fetch(", "`${", "}`", "(", ")", "{", "}", "[0]", ".rows", "=>", "async "),
        *("identifier", "password", "callback(", "null, ", "{ user_id: ", "'SELECT * FROM u WHERE a = '", " + ", "; "),
        *(
            "const a = ",
            "let b",
            "a.b.c",
            "global.x = ",
            "configuration.K",
            "new Error(",
            "if (",
            "try {",
            "catch (e) {",
        ),
        *("e.response.status", "return ", "await ", "/x/", "é😀", "\n", "...", "?.", "??", "== ", "function f(a) {"),
        *("@@KEY@@", "console.log(", "'http://x'", "password: 'S3cret'", "process.env.", "JSON.parse(", "0x1f"),
    ],
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["login", "get_user", "create", "delete", "verify"]))
def test_no_text_makes_a_rule_fail(pieces: list[str], kind: str) -> None:
    lint_script(kind, "".join(pieces), file="x.js", preset="strict")
    lint_script(kind, script_text(kind, "".join(pieces)), file="x.js", preset="strict")


@pytest.mark.parametrize("name", [*SOUND, *FAULTY])
def test_a_script_cut_anywhere_is_still_looked_at(name: str) -> None:
    kind, body = (SOUND.get(name) or FAULTY[name])[:2]
    text = script_text(kind, body)
    for end in range(0, len(text), 37):
        lint_script(kind, text[:end], file="x.js", preset="strict")


@pytest.mark.parametrize(
    "unit",
    [
        "x = 'SELECT a FROM b WHERE c = ' + identifier + 'd';\n",
        "if (a == b) { f(rows[0].id); }\n",
        "const s = 'q=q=q=(a=<my a.a.a.a://';\n",
        "const t{n} = `${{identifier}}(a=`;\n",
        "fetch(`${configuration.U}/${identifier}`).then((r) => r.json());\n",
        "a = a + 'x' + identifier;\n",
    ],
)
def test_a_large_script_takes_time_by_its_size(unit: str) -> None:
    def seconds(size: int) -> float:
        body = "".join(unit.replace("{n}", str(n)) for n in range(size // len(unit)))
        text = script_text("login", body)
        began = time.process_time()
        lint_script("login", text, file="x.js", preset="strict")
        return time.process_time() - began

    small, large = seconds(8_000), seconds(40_000)
    assert large < max(25 * small, 1.0)
