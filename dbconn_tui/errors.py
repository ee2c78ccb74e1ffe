"""Outside failures as exceptions, each with a message, a hint and an exit code (design §4).

DbconnError
├── UsageError              3  the command line, or a prompt where nobody can answer
├── ProjectError            3  dbconn.yaml or a script file cannot be used; carries every Problem found
├── UnresolvedValueError    3  a configuration value or credential is not available here
├── SecretStoreError        3  the keyring is missing, locked or refuses
├── NodeError               3  running scripts needs a Node binary, or an npm, that is not there
├── LintError               1  lint errors stand in the way; carries the problems
├── AuthenticationError     4  no token
│   └── MissingScopeError   4  a token without a scope that the work needs
├── RefusedError            5  drift, conflict, undecided, brake, stale plan: dbconn declines to write
├── ApiError                1  the Management API refused a request; carries status and error code
│   ├── NotFoundError       1
│   └── NameTakenError      1
└── UnreachableError        6  no answer, or an answer that is not the API's
    ├── RateLimitedError    6  the tenant kept saying 429
    │   └── HeldBackError   6  a request was not sent, since it could not start in time
    └── AnswerLostError     6  a write was sent and its answer never came: it may have been carried out

User mistakes inside files are values (problems.Problem), not exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar

from dbconn_tui.problems import Problem


class ExitCode(IntEnum):
    """What the process says to its caller (`dbconn help exit-codes`)."""

    OK = 0
    FAILED = 1
    """Lint errors, a failed test or try, a refused write, an answer that differs."""
    CHANGES = 2
    """`plan --detailed-exitcode` with anything to do."""
    USAGE = 3
    """Usage, YAML, script file missing or unreadable, unresolved value, impossible prompt."""
    AUTHENTICATION = 4
    """No token, or a scope missing."""
    REFUSED = 5
    """Drift, conflict, undecided, unknown configuration key, brake, stale plan."""
    UNREACHABLE = 6
    """Unreachable, or an answer that isn't the API's."""
    INTERRUPTED = 130


class DbconnError(Exception):
    """A failure with words for its reader: what happened, and what to do next.

    `message` is one sentence without a final newline; `hint` may be empty.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    code: ClassVar[str] = "failed"
    """The stable word for `--json` answers."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DbconnError):
    """The command line cannot be carried out as written."""

    exit_code = ExitCode.USAGE
    code = "usage"


class ProjectError(DbconnError):
    """The project's files cannot be used; `problems` holds all of them, sorted by place."""

    exit_code = ExitCode.USAGE
    code = "project"

    def __init__(self, message: str, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


class NoProjectError(ProjectError):
    """There is no project yet."""

    code = "no-project"


class UnresolvedValueError(DbconnError):
    """A configuration value or a credential is not available on this machine."""

    exit_code = ExitCode.USAGE
    code = "unresolved-value"


class SecretStoreError(DbconnError):
    """The operating system's keyring is missing, locked, or refused."""

    exit_code = ExitCode.USAGE
    code = "secret-store"


class NodeError(DbconnError):
    """Node or npm is missing on this machine, too old, or cannot be started."""

    exit_code = ExitCode.USAGE
    code = "node"


class LintError(DbconnError):
    """Lint errors stand in the way of a deploy; `problems` holds them."""

    exit_code = ExitCode.FAILED
    code = "lint"

    def __init__(self, message: str, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


class AuthenticationError(DbconnError):
    """The tenant gave no token, or no longer takes it."""

    exit_code = ExitCode.AUTHENTICATION
    code = "authentication"


class MissingScopeError(AuthenticationError):
    """The token lacks scopes; `scopes` names them."""

    code = "missing-scope"

    def __init__(self, message: str, hint: str = "", scopes: Sequence[str] = ()) -> None:
        super().__init__(message, hint)
        self.scopes = tuple(scopes)


class RefusedError(DbconnError):
    """dbconn declines to write: something would be lost or surprise."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class ApiError(DbconnError):
    """The Management API refused a request with a proper error body."""

    code = "api"

    def __init__(self, message: str, hint: str = "", *, status: int = 0, error_code: str = "") -> None:
        super().__init__(message, hint)
        self.status = status
        self.error_code = error_code


class NotFoundError(ApiError):
    """404: the thing is not there (`inexistent_connection`)."""

    code = "not-found"


class NameTakenError(ApiError):
    """409: another connection, perhaps of another strategy or still being deleted, holds the name."""

    code = "name-taken"


class UnreachableError(DbconnError):
    """The tenant did not answer, or something else answered in its place."""

    exit_code = ExitCode.UNREACHABLE
    code = "unreachable"


class RateLimitedError(UnreachableError):
    """The tenant kept answering 429 until the patience for it was used up."""

    code = "rate-limited"


class HeldBackError(RateLimitedError):
    """A request was not sent: it could not start by the time that was set for it.

    `at_deadline`: that time was the deadline of the whole run.
    """

    code = "held-back"

    def __init__(self, message: str, hint: str = "", *, at_deadline: bool = False) -> None:
        super().__init__(message, hint)
        self.at_deadline = at_deadline


class AnswerLostError(UnreachableError):
    """A write left this machine and no usable answer came back: it may or may not have been carried out."""

    code = "answer-lost"
