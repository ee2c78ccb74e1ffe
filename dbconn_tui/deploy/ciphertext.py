"""Ciphertext: digests of the configuration values as the tenant encrypted them, kept on this machine (design §5.4).

A value cannot be read back, but its ciphertext is new at every write and stable over reads (api.md §4.1). So another
ciphertext under the same deploy id tells that somebody saved the connection again, perhaps with another value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dbconn_tui.deploy.fingerprint import utf8
from dbconn_tui.deploy.local_record import domain_folder, make_private_folder
from dbconn_tui.project.write import write_file

FORMAT: Final = 1
SAVED_AGAIN: Final = "saved again by somebody, perhaps changed; --resend-configuration writes yours"
"""What a plan says of such a value."""


@dataclass(frozen=True, slots=True)
class SeenCiphertext:
    """What the tenant showed when a deploy from here was confirmed: configuration key → digest (hex)."""

    deploy_id: bytes
    digests: Mapping[str, str] = field(repr=False)

    def saved_again(self, deploy_id: bytes | None, options: Mapping[str, Any]) -> frozenset[str]:
        """Keys whose ciphertext in live `options` is another one, though the last deploy is still the one seen.

        After any later deploy (another `deploy_id`) nothing can be said.
        """
        if deploy_id != self.deploy_id:
            return frozenset()
        return frozenset(
            key for key, digest in ciphertext_digests(options).items() if self.digests.get(key, digest) != digest
        )


def ciphertext_digests(options: Mapping[str, Any]) -> dict[str, str]:
    """Configuration key → digest (16 hex digits) of what live `options` hold under it."""
    configuration: Mapping[str, Any] = options.get("configuration") or {}
    return {
        key: hashlib.sha256(utf8(value)).hexdigest()[:16]
        for key, value in configuration.items()
        if isinstance(value, str)
    }


def read_seen(state_folder: Path, domain: str) -> dict[str, SeenCiphertext]:
    """What was seen of the connections of a domain, by live name; nothing when the file is missing or damaged."""
    try:
        content = json.loads(_path(state_folder, domain).read_bytes())
        if content["version"] != FORMAT:
            return {}
        return {
            str(name): SeenCiphertext(
                bytes.fromhex(one["deploy_id"]), {str(key): str(digest) for key, digest in one["digests"].items()}
            )
            for name, one in content["connections"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_seen(state_folder: Path, domain: str, seen: Mapping[str, SeenCiphertext]) -> None:
    """Remember these connections beside those that are remembered (folders 0700, file 0600). Raises OSError."""
    path = _path(state_folder, domain)
    make_private_folder(state_folder, path.parent)
    together = {**read_seen(state_folder, domain), **seen}
    connections = {
        name: {"deploy_id": one.deploy_id.hex(), "digests": dict(one.digests)} for name, one in together.items()
    }
    write_file(path, json.dumps({"version": FORMAT, "connections": connections}).encode(), 0o600)


def _path(state_folder: Path, domain: str) -> Path:
    return domain_folder(state_folder, domain) / "ciphertext.json"
