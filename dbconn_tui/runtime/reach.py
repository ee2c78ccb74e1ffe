"""Reach: what a script took from outside itself, or tried to: files, processes, hosts, modules, configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.configuration import ReadUse
from dbconn_tui.problems import Problem, Severity
from dbconn_tui.runtime.observation import Noted, Observation
from dbconn_tui.runtime.places import Places
from dbconn_tui.runtime.verdict import Contact, Verdict

Found = tuple[Verdict | None, Problem]
"""A finding and the verdict it stands for; None when it stands for none."""

_DENIED: Final = {
    "FileSystemRead": "reading the file {0}",
    "FileSystemWrite": "writing the file {0}",
    "ChildProcess": "starting another process",
    "WorkerThreads": "starting a thread",
    "Inspector": "opening the inspector",
    "Addon": "loading a native module",
    "NetListen": "listening on a port",
    "Net": "opening a UDP socket",
}


def denials(observation: Observation, places: Places) -> Iterator[Found]:
    """What was refused, once per place; what only a module tried for itself is worth no more than a note."""
    seen = set()
    for noted in observation.of("denied"):
        direct = noted.site is not None and noted.site.direct
        template = _DENIED.get(noted.text("permission"), noted.text("permission") or "something")
        what = template.format(noted.text("resource") or "?")
        key = (what, noted.site if direct else None)
        if key in seen:
            continue
        seen.add(key)
        if direct:
            message = f"{what} is not allowed in a local run"
            hint = "The platform's sandbox has no files and processes of yours; take what you need from configuration."
            yield Verdict.DENIED, Problem("sandbox-denied", Severity.ERROR, message, places.at(noted.site), hint)
        else:
            message = f"a module tried {what} and was refused"
            yield None, Problem("sandbox-denied", Severity.INFO, message, places.at(noted.site))
    for noted in observation.of("environment")[:1]:
        message = "process.env is read; a local run has nothing of this machine in it"
        hint = "Pass values through configuration."
        yield None, Problem("environment-read", Severity.INFO, message, places.at(noted.site), hint)


def contacts(observation: Observation) -> tuple[Contact, ...]:
    """The hosts of a run in the order of the first contact."""
    found = (
        Contact(noted.text("host"), int(noted.details["port"]), bool(noted.details["allowed"]))
        for noted in observation.of("host")
    )
    return tuple(dict.fromkeys(found))


def refused_hosts(observation: Observation, places: Places) -> Iterator[Found]:
    """Hosts that the run was not allowed to reach, once each."""
    seen = set()
    for noted in observation.of("host"):
        host = noted.text("host")
        port = int(noted.details["port"])
        if noted.details["allowed"] or (host, port) in seen:
            continue
        seen.add((host, port))
        name = f"{host}:{port}" if port else host
        message = f"connecting to {name} was stopped: neither the configuration nor --allow-host names this host"
        hint = f"--allow-host {name} lets it through."
        yield (
            Verdict.HOST_NOT_ALLOWED,
            Problem("host-not-allowed", Severity.ERROR, message, places.at(noted.site), hint),
        )


def modules(observation: Observation) -> tuple[str, ...]:
    """The modules that were loaded, `name@version`."""
    return tuple(dict.fromkeys(f"{noted.text('name')}@{noted.text('version')}" for noted in observation.of("module")))


def module_problems(observation: Observation, places: Places) -> Iterator[Found]:
    """Modules that are not there, and those that another version stood in for."""
    for noted in observation.of("missing_module"):
        yield Verdict.MISSING_MODULE, _missing(noted, places)
    for noted in observation.of("substitute"):
        name = noted.text("name")
        wanted = f"{name}@{noted.text('wanted')}" if noted.text("wanted") else name
        message = f"{wanted} is not here; {name}@{noted.text('used')} stood in for it"
        yield None, Problem("module-substituted", Severity.INFO, message, places.at(noted.site))


def magic_globals(observation: Observation, places: Places) -> Iterator[Found]:
    """The globals of old that the script used, which were there because that was asked for."""
    for noted in observation.of("magic_global"):
        name = noted.text("name")
        message = f"the global `{name}` is there because of --compat: Auth0 took it away after Node 12"
        hint = f"Write `const {name} = require('{noted.text('module')}@VERSION')`."
        yield None, Problem("magic-global", Severity.WARNING, message, places.at(noted.site), hint)


def _missing(noted: Noted, places: Places) -> Problem:
    specifier = noted.text("specifier")
    match noted.text("reason"):
        case "range":
            message = f"require('{specifier}') names no exact version; the platform knows only such as name@1.2.3"
            hint = "Write all three numbers."
        case "file":
            message = f"require('{specifier}') names a file; a script has none beside it"
            hint = "Move its code into the function."
        case _:
            version = noted.text("version")
            wanted = f"{noted.text('name')}@{version}" if version else noted.text("name")
            message = f"the module {wanted} is not in the cache"
            hint = f"dbconn modules install {wanted}" if version else f"dbconn modules install {wanted}@VERSION"
    return Problem("module-missing", Severity.ERROR, message, places.at(noted.site), hint)


def configuration_problems(observation: Observation, places: Places) -> Iterator[Found]:
    """Reads of keys that are not there, and writes."""
    tolerant = {
        (read.key, read.span.line) for read in places.parsed.configuration.reads if read.use is not ReadUse.REQUIRED
    }
    seen = set()
    for noted in observation.of("configuration_undefined", "configuration_write"):
        key = noted.text("key")
        if (noted.type, key) in seen:
            continue
        seen.add((noted.type, key))
        place = places.at(noted.site)
        if noted.type == "configuration_write":
            message = f"configuration.{key} is written; configuration is for reading"
            yield None, Problem("configuration-written", Severity.WARNING, message, place)
        elif (key, place.line) not in tolerant:
            message = f"configuration.{key} is read, but there is no such key"
            hint = "Add it under `configuration` in dbconn.yaml."
            yield None, Problem("configuration-undefined", Severity.WARNING, message, place, hint)
