"""A real OpenLDAP server, as Debian builds it: the installed one, else unpacked from its packages."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from stores.debian import unpacked
from stores.server import data_folder, free_port, running, unprivileged

INSTALL = "apt-get update && apt-get install --no-install-recommends slapd"
BASE = "ou=people,dc=example,dc=com"
ACCOUNT = "cn=auth0-scripts,dc=example,dc=com"
_PACKAGES = ("slapd", "libltdl7", "libodbc2", "libwrap0")
_CONFIGURATION = """\
{schemas}
modulepath {modules}
moduleload back_mdb
attributetype ( 1.3.6.1.4.1.55555.1 NAME 'mailVerified' EQUALITY booleanMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 )
objectclass ( 1.3.6.1.4.1.55555.2 NAME 'webPerson' SUP inetOrgPerson STRUCTURAL MAY mailVerified )
{tls}
pidfile {folder}/slapd.pid
database mdb
suffix "dc=example,dc=com"
directory {folder}/data
maxsize 16777216
dbnosync
access to attrs=userPassword by dn="{account}" write by anonymous auth by * none
access to * by dn="{account}" write by * none
"""
_SEED = """\
dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: {account}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: auth0-scripts
userPassword: {password}

dn: {base}
objectClass: organizationalUnit
ou: people

"""


@dataclass(frozen=True)
class Directory:
    """A running directory; `port` is for ldap://, `secure_port` for ldaps:// where it has a certificate."""

    port: int
    secure_port: int
    password: str = field(repr=False)
    _dump: tuple[str | Path, ...]
    _environment: Mapping[str, str] = field(repr=False)

    def entries(self) -> str:
        """Everything in it, as LDIF."""
        done = subprocess.run(
            self._dump, env=dict(self._environment), capture_output=True, check=True, **unprivileged()
        )
        return done.stdout.decode()


@contextmanager
def run_slapd(people: str = "", certificate: tuple[Path, Path] | None = None) -> Iterator[Directory]:
    """A directory with these people (LDIF below BASE); `certificate` is a PEM file and that of its key.

    Skips the test where slapd can be neither found nor unpacked, with the command to type.
    """
    root = _root()
    program = root / "usr" / "sbin" / "slapd"
    libraries = next((root / "usr" / "lib").glob("*-linux-gnu*"), root)
    environment = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LD_LIBRARY_PATH": str(libraries)}
    with data_folder("slapd") as folder:
        password = secrets.token_hex(12)
        configuration = folder / "slapd.conf"
        configuration.write_text(_configuration(root, folder, certificate), encoding="utf-8")
        (folder / "seed.ldif").write_text(_SEED.format(account=ACCOUNT, base=BASE, password=password) + people)
        subprocess.run(["mkdir", folder / "data"], check=True, **unprivileged())
        settings = ("-f", configuration)
        subprocess.run(
            [program, "-T", "add", *settings, "-l", folder / "seed.ldif"],
            env=environment,
            check=True,
            capture_output=True,
            **unprivileged(),
        )
        port, secure_port = free_port(), free_port()
        addresses = f"ldap://127.0.0.1:{port}" + (f" ldaps://127.0.0.1:{secure_port}" if certificate else "")
        command = [program, *settings, "-h", addresses, "-d", "stats"]
        with running(command, b"slapd starting", signal.SIGTERM, folder, environment):
            yield Directory(port, secure_port, password, (program, "-T", "cat", *settings), environment)


def _root() -> Path:
    found = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    root = Path(found).resolve().parents[2] if found else unpacked("slapd", *_PACKAGES)
    if root is None:
        pytest.skip(f"OpenLDAP is not here: {INSTALL}")
    return root


def _configuration(root: Path, folder: Path, certificate: tuple[Path, Path] | None) -> str:
    names = ("core", "cosine", "inetorgperson")
    tls = ""
    if certificate:
        for source, name in zip(certificate, ("certificate.pem", "key.pem"), strict=True):
            (folder / name).write_bytes(source.read_bytes())
        tls = f"TLSCertificateFile {folder}/certificate.pem\nTLSCertificateKeyFile {folder}/key.pem"
    return _CONFIGURATION.format(
        schemas="\n".join(f"include {root}/etc/ldap/schema/{name}.schema" for name in names),
        modules=root / "usr" / "lib" / "ldap",
        tls=tls,
        folder=folder,
        account=ACCOUNT,
    )
