"""The vendor's own SDK for Node signs users in on the local tenant over HTTPS, as an application would."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from benchmarks.deploy_cli import install_deploy_cli
from tests.sign_in import deploy, signing_tenant

PATIENCE = 120

PASSWORD = "A long password 1"
SCRIPTS = {
    "login": """function login(identifier, password, callback) {
  const users = global.users || {};
  if (!users[identifier] || users[identifier] !== password) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'no'));
  }
  return callback(null, { user_id: `x|${identifier}`, email: identifier, email_verified: true });
}""",
    "get_user": """function getUser(identifier, callback) {
  const known = (global.users || {})[identifier];
  return callback(null, known ? { user_id: `x|${identifier}`, email: identifier, email_verified: true } : undefined);
}""",
    "create": """function create(user, callback) {
  global.users = { ...global.users, [user.email]: user.password };
  return callback(null);
}""",
    "change_password": """function changePassword(identifier, newPassword, callback) {
  global.users[identifier] = newPassword;
  return callback(null, true);
}""",
    "delete": """function deleteUser(id, callback) {
  delete global.users[id.slice(2)];
  return callback(null);
}""",
}

APPLICATION = """
const { AuthenticationClient, ManagementClient } = require('auth0');
const { domain, application, client, secret, password } = JSON.parse(process.env.TOLD);
const app = new AuthenticationClient({ domain, clientId: application, clientSecret: 'any text will do' });
const account = { email: 'ada@example.com', password, connection: 'users' };
const attempt = (promise) => promise.then(
  ({ data }) => data,
  ({ error, error_description, statusCode }) => ({ error, error_description, statusCode }),
);
const logIn = (given) => attempt(app.oauth.passwordGrant(
  { username: account.email, password: given, realm: 'users', scope: 'openid profile email' },
));
(async () => {
  const said = {};
  said.signUp = await attempt(app.database.signUp(account));
  said.again = await attempt(app.database.signUp(account));
  said.reset = await attempt(app.database.changePassword({ email: account.email, connection: 'users' }));
  said.wrong = await logIn('not the password');
  said.tokens = Object.keys(await logIn(password)).sort();
  const api = new ManagementClient({ domain, clientId: client, clientSecret: secret });
  const [user] = await api.users.listUsersByEmail({ email: account.email });
  said.user = user.user_id;
  await api.users.update(user.user_id, { password: 'Another long one 2' });
  said.old = (await logIn(password)).error;
  said.new = Object.keys(await logIn('Another long one 2')).length;
  await api.users.delete(user.user_id);
  said.left = await api.users.listUsersByEmail({ email: account.email });
  console.log(JSON.stringify(said));
})();
"""


@pytest.mark.peers
def test_an_application_with_the_vendors_sdk_signs_users_in(tmp_path: Path) -> None:
    command = install_deploy_cli()
    if command is None:
        pytest.skip("npm is not on this machine")
    with signing_tenant(tmp_path, https=True) as tenant:
        deploy(tenant, "users", SCRIPTS)
        told = {
            "domain": tenant.domain,
            "application": tenant.address.application_id,
            "client": tenant.client_id,
            "secret": tenant.client_secret.reveal(),
            "password": PASSWORD,
        }
        done = subprocess.run(
            ["node", "-e", APPLICATION],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                # The SDK comes with auth0-deploy-cli.
                "NODE_PATH": str(command.parents[1]),
                "NODE_EXTRA_CA_CERTS": str(tenant.ca_file),
                "TOLD": json.dumps(told),
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["signUp"]["email"], said["signUp"].get("email_verified")) == ("ada@example.com", True)
    assert said["again"] == {"error": "invalid_signup", "error_description": "Invalid sign up", "statusCode": 400}
    assert said["reset"] == "We've just sent you an email to reset your password."
    wrong = {"error": "invalid_grant", "error_description": "Wrong email or password.", "statusCode": 403}
    assert said["wrong"] == wrong
    assert said["tokens"] == ["access_token", "expires_in", "id_token", "scope", "token_type"]
    assert said["user"] == "auth0|x|ada@example.com"
    assert (said["old"], said["new"]) == ("invalid_grant", 5)
    assert said["left"] == []
