"""Electronic certificates: what one says, the code that proves it off line, its seal, and its end (R-212, R-213)."""
