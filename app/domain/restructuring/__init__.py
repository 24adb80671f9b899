"""How the hierarchy changes: bodies founded, renamed, moved and merged, each change looked at before it is made."""
