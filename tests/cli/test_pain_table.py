"""Which test holds which pain away: the list of pains (groups A to E, H, J, X) and what was measured of deploy-cli.

`PAINS` names tests by how their names begin; a pain that no test here can hold away says why.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

PAINS = {
    "A1": ["test_a1_"],
    "A2": ["test_it_writes_seven_clean_scripts_and_the_entry", "test_the_secrets_to_set_are_said"],
    "A3": ["test_a3_"],
    "A4": ["test_a4_"],
    "A5": ["test_a5_"],
    "A6": ["test_a6_"],
    "A7": ["test_a7_"],
    "A8": ["test_a8_"],
    "A9": ["test_a9_"],
    "A10": ["test_a10_"],
    "A11": ["test_a11_"],
    "A12": ["test_a12_"],
    "A13": ["test_a13_"],
    "A14": ["test_a14_", "test_keep_live_goes_through_exactly_where_the_probe_proved_it"],
    "B1": ["test_b1_", "test_b_what_the_files_do_not_name"],
    "B2": ["test_b2_"],
    "B3": ["test_b1_b3_"],
    "B4": ["test_b1_b3_b4_"],
    "B5": ["test_b1_b3_b4_b5_"],
    "B6": ["test_b6_"],
    "B7": ["test_b7_"],
    "B8": ["test_b8_"],
    "B9": ["test_b9_"],
    "B10": ["test_b10_"],
    "B11": ["test_b11_"],
    "B12": ["test_b12_"],
    "B13": ["test_b13_"],
    "B14": ["test_b13_b14_"],
    "B15": ["test_b15_"],
    "B16": ["test_b15_b16_"],
    "C1": ["test_c1_"],
    "C2": ["test_c1_c2_"],
    "C3": ["test_c3_"],
    "C4": ["test_c4_"],
    "C5": ["test_c3_no_body_of_a_connection_holds_enabled_clients"],
    "C6": ["test_c6_"],
    "C7": ["test_c7_"],
    "D1": ["test_d1_"],
    "D2": ["test_d2_"],
    "D3": ["test_d3_", "test_x3_"],
    "D4": ["test_d4_"],
    "D5": ["test_d5_"],
    "D6": ["test_d6_"],
    "D7": ["test_d4_d7_"],
    "D8": ["test_d8_"],
    "D9": ["test_d9_"],
    "D10": ["test_d10_"],
    "D11": ["test_a_plan_shows_what_would_be_created_and_sends_nothing"],
    "D12": ["test_d12_"],
    **{f"E{number}": ["test_e1_to_e13_", "test_a_storm_of_other_traffic"] for number in range(1, 14)},
    "H1": ["test_h1_"],
    "H2": ["test_h2_"],
    "H3": ["test_h3_"],
    "H4": ["test_h4_"],
    "H5": ["test_h4_h5_"],
    "H6": ["test_h6_"],
    "H7": ["test_h7_"],
    "H8": ["test_d8_"],
    "J1": ["test_j1_"],
    "J2": ["test_j1_j2_"],
    "J3": ["test_j1_j2_j3_"],
    "J4": ["test_j4_"],
    "J5": ["test_j5_"],
    "J6": ["test_j6_", "test_x4_"],
    "J7": ["test_j7_"],
    "J8": ["test_j8_"],
    "J9": ["test_j9_"],
    "J10": ["test_j7_j10_"],
    "X1": ["test_x1_"],
    "X2": ["test_x2_"],
    "X3": ["test_x3_"],
    "X4": ["test_x4_"],
    "X5": ["test_x5_", "test_c7_"],
    "X6": ["test_x6_"],
}

MEASURED = {
    "every connection is written on every run": ["test_nothing_is_written_for_connections_that_did_not_change"],
    "2N requests too many": ["test_fifty_connections_cost_the_fewest_requests"],
    "a typo in YAML costs a login": ["test_measured_bad_input_", "test_a_bad_file_stops_the_deploy"],
    "bypassing requests stampede": ["test_e1_to_e13_", "test_on_every_plan_all_requests_get_through"],
    "a reset ends the run": ["test_every_connection_ends_written_or_untouched", "test_a_read_is_given_up_after"],
    "an option that only the tenant has is reset": ["test_b_what_the_files_do_not_name"],
    "display_name is reset": ["test_b_what_the_files_do_not_name"],
    "an edit in the dashboard is overwritten": ["test_an_edit_on_the_tenant_is_refused_with_nothing_sent"],
    "change_email out of the files is deleted": ["test_x2_"],
    "a connection is deleted": ["test_measured_a_connection_that_only_the_tenant_has"],
    "clients": ["test_c7_", "test_x5_", "test_c6_"],
    "one variable missing deletes a secret": ["test_x1_", "test_measured_a_value_missing_at_the_first_deploy"],
    "a secret that only the tenant has is deleted": ["test_a6_"],
    "ciphertext is sent back": ["test_a3_", "test_measured_without_a_configuration_in_the_files"],
    "a rotated secret is not seen": ["test_a4_", "test_a_rotated_secret_is_noticed_and_written"],
    "an export loses the configuration": ["test_a1_"],
    "a dry run says 0 whatever there is": [
        "test_detailed_exitcode_tells_work_from_none",
        "test_dry_runs_are_right_with_secrets",
    ],
    "a dry run looks at the files' keys alone": ["test_x4_"],
    "one failure stops the rest unreported": ["test_measured_one_failure_of_many_"],
    "a lost answer is a name that is taken": ["test_measured_an_answer_lost_after_a_create"],
    "an interrupted run says nothing": ["test_ctrl_c"],
    "a wrong secret, a certificate, nobody there": ["test_a_bad_tenant_gets_no_write"],
    "scopes found missing at the first write": ["test_measured_scopes_that_are_missing"],
    "bad input half deployed": ["test_measured_bad_input_"],
    "keywords replaced inside scripts": ["test_x6_"],
}


def names() -> set[str]:
    """Every test in this tree."""
    found = set()
    for path in TESTS.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        found |= {node.name for node in nodes if node.name.startswith("test_")}
    return found


@pytest.fixture(scope="module")
def known() -> set[str]:
    return names()


@pytest.mark.parametrize("pain", [*PAINS, *MEASURED])
def test_a_test_holds_it_away(pain: str, known: set[str]) -> None:
    for beginning in {**PAINS, **MEASURED}[pain]:
        assert any(name.startswith(beginning) for name in known), f"no test begins with {beginning}"


def test_no_pain_is_left_out() -> None:
    counts = {"A": 14, "B": 16, "C": 7, "D": 12, "E": 13, "H": 8, "J": 10, "X": 6}
    assert set(PAINS) == {f"{group}{number}" for group, most in counts.items() for number in range(1, most + 1)}
