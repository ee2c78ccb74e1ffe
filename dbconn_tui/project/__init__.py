"""dbconn.yaml and its script files as frozen values, with a position for every key and value."""
