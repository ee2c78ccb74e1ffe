"""Tests of connections as a JUnit report, for CI systems that read one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from dbconn_tui.runtime.checks import State

if TYPE_CHECKING:
    from dbconn_tui.tasks.connection_tests import ConnectionTest

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def junit_report(tests: Sequence[ConnectionTest]) -> str:
    """One `testsuite` a connection and variant, one `testcase` a check."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for test in tests:
        name = " ".join(filter(None, (test.connection, test.variant)))
        failures = test.count(State.FAILED) + bool(test.left_behind)
        total = len(test.checks) + bool(test.left_behind)
        counts = f'tests="{total}" failures="{failures}" skipped="{test.count(State.SKIPPED)}"'
        lines.append(f"  <testsuite name={_attribute(name)} {counts}>")
        for check in test.checks:
            case = f"<testcase classname={_attribute(name)} name={_attribute(check.name)}"
            case = f'    {case} time="{check.milliseconds / 1000:.3f}"'
            match check.state:
                case State.PASSED:
                    lines.append(f"{case}/>")
                case State.FAILED:
                    lines.append(f"{case}><failure message={_attribute(check.message)}/></testcase>")
                case State.SKIPPED:
                    lines.append(f"{case}><skipped message={_attribute(check.message)}/></testcase>")
        if test.left_behind:
            message = f"the test user {test.left_behind} is still in the store"
            lines.append(f'    <testcase classname={_attribute(name)} name="cleaned up">')
            lines.append(f"      <failure message={_attribute(message)}/></testcase>")
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("�", text))
