"""评审室: what an expert does at an issued device: he signs in, stands back, reads, writes his opinion, votes."""
