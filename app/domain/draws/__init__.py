"""Drawing a session's review experts: planned, witnessed, drawn so that anybody can run it again, invited (D24)."""
