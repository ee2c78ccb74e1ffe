"""The kinds of action script and the parsed source of one (the only room with tree-sitter and quickjs)."""
