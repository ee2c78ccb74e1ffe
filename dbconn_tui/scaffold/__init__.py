"""A template and its values become script files (the only room with jinja2)."""
