"""Running action scripts on this machine as the platform's sandbox would: Node harness, verdicts, modules."""
