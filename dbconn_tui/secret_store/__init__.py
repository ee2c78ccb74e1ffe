"""Where configuration values and credentials come from: environment, keyring, memory (the only room with keyring)."""
