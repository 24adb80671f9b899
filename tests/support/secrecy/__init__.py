"""The walker: looks for whatever ties a voter to a vote, in every table, file and text that a session leaves."""
