"""A small HTTPS user API on SQLite for the demo and the tests."""
