"""What a deploy would do and doing it: fingerprints, record, plan, merge, apply."""
