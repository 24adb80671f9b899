"""What the studio asks of a draft: is it sound, what may its diagrams name, how does it differ, may it be published."""
