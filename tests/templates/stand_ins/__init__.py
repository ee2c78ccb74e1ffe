"""Servers that answer as the documentation of an identity provider says, for the templates that talk to it."""
