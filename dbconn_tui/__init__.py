"""dbconn: Auth0 custom database connections as files, from a terminal app or a script."""

__version__ = "0.1.0"
