"""Each template walks from `dbconn add` to the tenant with every two of its answers, on its real store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from journeys.journey import Journey, Traveller, words
from journeys.report import PROPERTY
from journeys.table import JOURNEYS
from stores.npm_modules import Fill

from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.scaffold.pairwise import pairs_of
from dbconn_tui.scaffold.template import Value

WAYS = [
    pytest.param(
        journey,
        answers,
        id=f"{journey.template}-{number}",
        marks=[pytest.mark.peers] if journey.needs_modules else [],
    )
    for journey in JOURNEYS
    for number, answers in enumerate(journey.combinations)
]


@pytest.mark.parametrize(("journey", "answers"), WAYS)
def test_from_add_to_the_tenant(
    journey: Journey,
    answers: dict[str, Value],
    tenant: LocalTenant,
    tenant_folder: Path,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    record_property: Callable[[str, Any], None],
) -> None:
    store = request.getfixturevalue(journey.store)
    traveller = Traveller(tmp_path, tenant, tenant_folder / ".state", journey.prepare(store, answers))
    modules = traveller.modules_of(journey, answers)
    if modules:
        fill: Fill = request.getfixturevalue("npm_modules")
        fill(traveller.modules_folder, *modules)
    traveller.walk(journey, answers)
    record_property(PROPERTY, f"{journey.template:18}{words(answers)}")


def test_every_two_answers_meet() -> None:
    """The ways of each row hold every pair that its switches and choices can make."""
    for journey in JOURNEYS:
        ways = journey.combinations
        met = {pair for answers in ways for pair in pairs_of({name: str(value) for name, value in answers.items()})}
        free = {variable.name for variable in journey.shipped.variables if not variable.when} & set(ways[0])
        for one in free:
            for other in free - {one}:
                for value in {str(answers[one]) for answers in ways}:
                    for other_value in {str(answers[other]) for answers in ways}:
                        assert frozenset(((one, value), (other, other_value))) in met, (journey.template, one, other)
