"""Review sessions: who sits, what is before them, whether they may vote, and what is minuted."""
