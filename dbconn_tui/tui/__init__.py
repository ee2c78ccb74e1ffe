"""The terminal app: screens over frozen snapshots, every action from one table."""
