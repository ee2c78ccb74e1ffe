"""The flags that plan and deploy share: which refusals and brakes are lifted."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from dbconn_tui.errors import UsageError

if TYPE_CHECKING:
    from dbconn_tui.cli.parser import Parser
    from dbconn_tui.deploy.plan import Choices

BRAKES = (
    "delete-script",
    "disable-client",
    "drop-value",
    "import-mode",
    "many",
    "no-clients",
    "one-way",
    "redeploy-rolled-back",
    "user-id",
)
"""The brakes that a plan knows (design §5.10)."""


def add_choices(parser: Parser) -> None:
    """Add the flags."""
    parser.optional_values = (*parser.optional_values, "--overwrite-drift")
    parser.add_argument(
        "--overwrite-drift",
        metavar="ITEM[,ITEM…]",
        action="append",
        default=[],
        help="write over what was changed on the tenant: everything, or only CONNECTION, ITEM or CONNECTION/ITEM "
        "(ITEM as script:login); the value stands behind `=`",
    )
    parser.add_argument(
        "--drop-configuration",
        metavar="KEY",
        action="append",
        default=[],
        help="give up a configuration key that only the tenant has (KEY or CONNECTION/KEY)",
    )
    parser.add_argument(
        "--allow",
        metavar="BRAKE[:CONNECTION]",
        action="append",
        default=[],
        help=f"lift a brake: {', '.join(BRAKES)}",
    )
    parser.add_argument(
        "--resend-configuration",
        action="store_true",
        help="write every configuration value again, also those that were not changed here",
    )
    parser.add_argument("--skip-lint", action="store_true", help="lint errors do not stand in the way")


def read_choices(arguments: Namespace) -> Choices:
    """The flags as Choices. Raises UsageError for a brake that does not exist."""
    from dbconn_tui.deploy.plan import Choices

    for given in arguments.allow:
        brake = given.partition(":")[0]
        if brake not in BRAKES:
            import difflib

            near = difflib.get_close_matches(brake, BRAKES, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UsageError(f"--allow {given}: there is no brake {brake!r}", f"{hint}Brakes: {', '.join(BRAKES)}.")
    items = [item for given in arguments.overwrite_drift for item in given.split(",") if item]
    return Choices(
        overwrite=frozenset(items),
        allow=frozenset(arguments.allow),
        drop_configuration=frozenset(arguments.drop_configuration),
        skip_lint=arguments.skip_lint,
        resend_configuration=arguments.resend_configuration,
    )
