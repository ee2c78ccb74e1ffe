"""CommandSource: the values that the project's own command prints (`secrets_from:` in dbconn.yaml).

It is asked after the environment, which is meant for one run, and before the keyring: a value that was rotated
where everybody gets it from must not be shadowed by an old copy on one machine. So a command that fails makes a
value missing; only one that ends well and prints nothing says "not mine", and the keyring is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.project.values import SecretCommand, Tenant
from dbconn_tui.secret_store.admission import LARGEST_SECRET
from dbconn_tui.secret_store.command import PATIENCE, Ended, Ending, RunCommand
from dbconn_tui.sensitive import Sensitive


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What the command had for one secret: a value, a reason why there is none, or neither ("not mine").

    `unasked`: the command may run but was not, since its caller only wants to know what is missing for sure.
    """

    value: Sensitive | None = None
    failure: str = ""
    unasked: bool = False


AT_ONCE: Final = 4
"""Commands under way at the same time."""

NOT_MINE: Final = CommandAnswer()
UNASKED: Final = CommandAnswer(unasked=True)


class CommandSource:
    """One project's command; each secret is asked for once, and none after the command itself did not work.

    `folder` is the project's, where the command runs. `refusal` says why it may not run at all (not trusted).
    `asks` False leaves the command alone.
    """

    def __init__(
        self,
        command: SecretCommand,
        folder: Path,
        environment: Mapping[str, str],
        run: RunCommand,
        *,
        refusal: str = "",
        asks: bool = True,
    ) -> None:
        self._command = command
        self._folder = folder
        self._environment = environment
        self._run = run
        self._refusal = refusal
        self._asks = asks
        self._answers: dict[tuple[str, str], CommandAnswer] = {}

    @property
    def label(self) -> str:
        """What a list calls this source."""
        return f"command {self._command.program}"

    def ask(self, tenant: Tenant, name: str) -> CommandAnswer:
        """The answer for one secret on one tenant. Raises nothing."""
        if self._refusal:
            return CommandAnswer(failure=self._refusal)
        if not self._asks:
            return UNASKED
        key = (tenant.name, name)
        if key not in self._answers:
            ended = self._run(fill_in(self._command, tenant, name), self._folder, self._environment)
            self._answers[key] = self._answer(ended, name)
        return self._answers[key]

    def prepare(self, tenant: Tenant, names: Sequence[str]) -> None:
        """Ask for several secrets, which takes little longer than for one; `ask` then has the answers at once.

        The first goes alone: it may have to unlock something, or show that the command does not work here.
        """
        if self._refusal or not self._asks or not names:
            return
        self.ask(tenant, names[0])
        if self._refusal or len(names) == 1:
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name: self.ask(tenant, name), names[1:]))

    def _answer(self, ended: Ended, name: str) -> CommandAnswer:
        program = self._command.program
        match ended.ending:
            case Ending.NOT_FOUND:
                return self._broken(f"The command of secrets_from, {program}, is not on this machine.")
            case Ending.NOT_STARTED:
                return self._broken(f"The command of secrets_from, {program}, could not be started: {ended.reason}.")
            case Ending.TIMEOUT:
                return self._broken(f"{program} (secrets_from) printed no whole value within {PATIENCE:g} s.")
            case Ending.TOO_LONG:
                return CommandAnswer(
                    failure=f"{program} (secrets_from) printed more than {LARGEST_SECRET:,} bytes for {name}."
                )
            case Ending.EXIT if ended.status:
                how = f"status {ended.status}" if ended.status > 0 else f"signal {-ended.status}"
                return CommandAnswer(failure=f"{program} (secrets_from) ended with {how} for {name}.")
        return self._value(ended.output, name)

    def _value(self, output: bytes, name: str) -> CommandAnswer:
        program = self._command.program
        try:
            text = output.decode()
        except UnicodeDecodeError:
            return CommandAnswer(failure=f"{program} (secrets_from) printed bytes that are not UTF-8 text for {name}.")
        if "\0" in text:
            return CommandAnswer(failure=f"{program} (secrets_from) printed a NUL character for {name}.")
        value = text[:-1].removesuffix("\r") if text.endswith("\n") else text
        if len(value.encode()) > LARGEST_SECRET:
            return CommandAnswer(
                failure=f"{program} (secrets_from) printed more than {LARGEST_SECRET:,} bytes for {name}."
            )
        return CommandAnswer(Sensitive(value)) if value else NOT_MINE

    def _broken(self, failure: str) -> CommandAnswer:
        """The command itself does not work here: it is not run again, ten seconds for every other secret."""
        self._refusal = failure
        return CommandAnswer(failure=failure)


def fill_in(command: SecretCommand, tenant: Tenant, name: str) -> tuple[str, ...]:
    """Program and arguments for one secret: {tenant}, {name} and {domain} in the arguments are replaced once."""
    from re import sub

    filled = {"tenant": tenant.name, "name": name, "domain": tenant.domain}
    arguments = [sub(r"\{(tenant|name|domain)\}", lambda found: filled[found[1]], word) for word in command.words[1:]]
    return (command.program, *arguments)
