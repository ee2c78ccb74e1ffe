"""The flags of `dbconn local-tenant` and `python -m dbconn_tui.local_tenant`, and the Settings they make."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from dbconn_tui.errors import UsageError
from dbconn_tui.local_tenant.settings import (
    ALL_SCOPES,
    GENERATIONS,
    PLAN_NAMES,
    CipherResend,
    MetadataPatch,
    Omitted,
    ResetWhen,
    Settings,
)
from dbconn_tui.sensitive import Sensitive

DESCRIPTION = (
    "A stand-in for an Auth0 tenant on this machine: the Management API for connections, clients and users, in memory. "
    "Prints one JSON line when it is ready, and serves until Ctrl-C."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the flags to a parser."""
    standard = Settings()
    parser.add_argument("--port", type=int, default=standard.port, help="port on 127.0.0.1; 0 takes a free one")
    scheme = parser.add_mutually_exclusive_group()
    scheme.add_argument(
        "--https", dest="https", action="store_true", default=True, help="with a throw-away certificate (the default)"
    )
    scheme.add_argument("--http", dest="https", action="store_false", help="plain HTTP")
    parser.add_argument(
        "--defaults",
        choices=GENERATIONS,
        default=standard.defaults,
        help="generation of platform defaults (%(default)s)",
    )
    parser.add_argument(
        "--otp-methods", action="store_true", help="fill in email_otp and phone_otp, as some tenants do"
    )
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--plan",
        metavar="PLAN",
        choices=PLAN_NAMES,
        default=standard.plan,
        help=f"rate limits of a subscription: {', '.join(PLAN_NAMES)} (%(default)s)",
    )
    limits.add_argument("--rate", metavar="PER_SECOND[:BURST]", help="rate limit in requests a second, e.g. 2:10")
    parser.add_argument(
        "--reset-when",
        choices=list(ResetWhen),
        default=standard.reset_when,
        help="x-ratelimit-reset: when one more request is there, or the full burst (%(default)s)",
    )
    parser.add_argument(
        "--latency", metavar="MS", type=float, default=0.0, help="milliseconds that every request takes longer"
    )
    parser.add_argument(
        "--cipher-resend",
        choices=list(CipherResend),
        default=standard.cipher_resend,
        help="what configuration ciphertext sent back does: the value stays, or is overwritten by it (%(default)s)",
    )
    parser.add_argument(
        "--omitted-display-name",
        choices=list(Omitted),
        default=standard.omitted_display_name,
        help="what a PATCH without display_name does to one (%(default)s)",
    )
    parser.add_argument(
        "--metadata-patch",
        choices=list(MetadataPatch),
        default=standard.metadata_patch,
        help="whether PATCHed metadata replaces or merges (%(default)s)",
    )
    parser.add_argument("--control", action="store_true", help="serve /__control/ too: reset, faults, requests, mails")
    parser.add_argument(
        "--domain", default=standard.domain, help="the tenant's canonical domain in tokens (the address that was asked)"
    )
    parser.add_argument(
        "--client-id", default=standard.client_id, help="the client that may ask for tokens (%(default)s)"
    )
    parser.add_argument(
        "--client-secret-file",
        type=Path,
        metavar="FILE",
        help="file with its secret; else a random one is made and its file named",
    )
    parser.add_argument(
        "--client-public-key",
        type=Path,
        metavar="FILE",
        help="PEM public key that its private_key_jwt assertions are checked with",
    )
    parser.add_argument(
        "--default-directory",
        metavar="CONNECTION",
        default=standard.default_directory,
        help="the connection that logins with the plain password grant mean, as in a tenant's settings",
    )
    parser.add_argument("--scopes", metavar="LIST", help="scopes it is granted, separated by commas (all)")
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep the tenant in this file (0600; secrets in plain text, users' passwords hashed)",
    )


def settings_from(arguments: argparse.Namespace) -> Settings:
    """The Settings of parsed flags. Raises UsageError for values or files that cannot be used."""
    if not math.isfinite(arguments.latency) or arguments.latency < 0:
        raise UsageError("--latency takes milliseconds, 0 or more")
    scopes = ALL_SCOPES
    if arguments.scopes is not None:
        scopes = tuple(scope.strip() for scope in arguments.scopes.split(",") if scope.strip())
    secret_file, key_file = arguments.client_secret_file, arguments.client_public_key
    return Settings(
        defaults=arguments.defaults,
        otp_methods=arguments.otp_methods,
        plan=arguments.plan,
        rate=None if arguments.rate is None else _rate(arguments.rate),
        reset_when=ResetWhen(arguments.reset_when),
        latency=arguments.latency / 1000,
        cipher_resend=CipherResend(arguments.cipher_resend),
        omitted_display_name=Omitted(arguments.omitted_display_name),
        metadata_patch=MetadataPatch(arguments.metadata_patch),
        control=arguments.control,
        domain=arguments.domain,
        client_id=arguments.client_id,
        client_secret=Sensitive(_content(secret_file).rstrip("\r\n")) if secret_file else None,
        client_public_key=_public_key(key_file) if key_file else "",
        scopes=scopes,
        default_directory=arguments.default_directory,
        port=arguments.port,
        https=arguments.https,
        state_file=arguments.state,
    )


def _rate(text: str) -> tuple[float, float]:
    per_second, _, burst = text.partition(":")
    try:
        rate = (float(burst or per_second), float(per_second))
    except ValueError:
        rate = (0.0, 0.0)
    if not all(math.isfinite(number) and number > 0 for number in rate) or rate[0] < 1:
        raise UsageError(
            f"--rate {text} is not PER_SECOND[:BURST]", "For example --rate 2:10, with a burst of at least 1."
        )
    return rate


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{path} cannot be read: {reason}") from None


def _public_key(path: Path) -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = _content(path)
    try:
        key = load_pem_public_key(text.encode())
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey):
        raise UsageError(f"{path} is not an RSA public key in PEM", "openssl rsa -in key.pem -pubout makes one.")
    return text
