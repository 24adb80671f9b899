"""评审季看板: how a season stands, for the managers, the offices of its committees and the offices on the way."""
