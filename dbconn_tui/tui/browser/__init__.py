"""Shows the app in a browser of this machine: textual-serve behind a door that one address opens, once."""
