"""What pages show, read in one look: plain data for the templates."""
