"""Masking: what must not appear in a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.masking import mask_credentials, mask_values
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.workspace import open_workspace

if TYPE_CHECKING:
    from tests.tasks.conftest import World


@pytest.mark.anyio
async def test_values_of_secrets_are_masked_and_those_of_the_file_are_not(world: World) -> None:
    text = (world.outside.folder / "dbconn.yaml").read_text(encoding="utf-8")
    world.write("dbconn.yaml", text.replace("{API_KEY:", "{API_URL: https://users.example.com, API_KEY:"))
    workspace = open_workspace(world.outside)
    async with open_tenant(world.outside, workspace.tenant) as tenant:
        mask = mask_values(await plan_connections(world.outside, workspace, tenant))
    assert mask("x = 'a-value-that-must-never-show';") == "x = '***';"
    assert mask("https://users.example.com") == "https://users.example.com"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://app:hunter2@db/users", "postgres://app:***@db/users"),
        ("const apiKey = 'abcd1234';", "const apiKey = '***';"),
        ('{ client_secret: "s3cr3t!" }', '{ client_secret: "***" }'),
        ("password: `long enough`", "password: `***`"),
        ("const password = getPassword();", "const password = getPassword();"),
        ("const message = 'no password';", "const message = 'no password';"),
        ("https://example.com/a:b@c", "https://example.com/a:b@c"),
    ],
)
def test_what_looks_like_a_credential_is_masked(text: str, masked: str) -> None:
    assert mask_credentials(text) == masked
