"""`module-unavailable`: a module is one the platform offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_PUBLIC_SCOPES: Final = frozenset(
    {
        *(
            "auth0",
            "aws-sdk",
            "azure",
            "babel",
            "google-cloud",
            "hapi",
            "octokit",
            "sentry",
            "smithy",
            "xmldom",
            "types",
        ),
        *(
            "peculiar",
            "node-saml",
            "firebase",
            "supabase",
            "prisma",
            "grpc",
            "opentelemetry",
            "slack",
            "sendgrid",
            "okta",
        ),
        *(
            "fidm",
            "elastic",
            "apollo",
            "datadog",
            "google",
            "hubspot",
            "microsoft",
            "mongodb-js",
            "neondatabase",
            "noble",
        ),
        *("redis", "stripe", "twilio", "upstash", "vercel"),
    },
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a module under a scope that is probably a company's own."""
    for require in subject.shared(Modules).requires:
        if require.name.startswith("@") and require.name[1:].split("/")[0] not in _PUBLIC_SCOPES:
            yield Finding(
                f"{require.name} may not exist on the platform, which offers public modules of its own list only",
                subject.parsed.span(require.place),
                "Look it up at https://auth0-extensions.github.io/canirequire/.",
                certainty=Certainty.POSSIBLE,
            )


RULE = Rule(
    id="module-unavailable",
    severity=Severity.WARNING,
    title="A module is one that the platform offers.",
    why="Scripts get the public modules of the platform's list. Private registries are not supported.",
    source="Auth0 docs, Custom database connections: public npm modules",
    bad=(example("login", "const users = require('@acme/users@1.0.0');\nuse(users);"),),
    good=(
        example(
            "login", "const { CognitoIdentityProvider } = require('@aws-sdk/client-cognito-identity-provider@3.600.0');"
        ),
    ),
    script=check,
)
