"""The command line: one file a verb, one writer to stdout, one to stderr."""
