"""What follows a review: its result announced and publicised, leads held, titles confirmed, papers archived (§3.11)."""
