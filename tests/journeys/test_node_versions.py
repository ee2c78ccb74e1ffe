"""The versions of Node that the platform offers or a user may have: a template's life cycle on each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from journeys.journey import Traveller, words
from journeys.report import PROPERTY
from journeys.table import JOURNEYS
from stores.node_versions import VERSIONS, node_of
from stores.npm_modules import Fill

from dbconn_tui.local_tenant.server import LocalTenant

pytestmark = pytest.mark.peers

ROWS = {journey.template: journey for journey in JOURNEYS}


@pytest.mark.parametrize("template", ["rest-api", "postgresql"])
@pytest.mark.parametrize("major", VERSIONS)
def test_on_each_node(
    template: str,
    major: str,
    tenant: LocalTenant,
    tenant_folder: Path,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    npm_modules: Fill,
    record_property: Callable[[str, Any], None],
) -> None:
    journey = ROWS[template]
    answers = journey.combinations[0]
    prepared = journey.prepare(request.getfixturevalue(journey.store), answers)
    traveller = Traveller(tmp_path, tenant, tenant_folder / ".state", prepared)
    npm_modules(traveller.modules_folder, *traveller.modules_of(journey, answers))
    ran_on = traveller.add_and_test(journey, answers, "--node", str(node_of(VERSIONS[major])))
    assert ran_on.lstrip("v").startswith(f"{major}."), ran_on
    record_property(PROPERTY, f"{template:18}{words(answers)}  (add, lint and test on Node {ran_on})")
