"""The ways in: each channel turns its own protocol into calls of `triage.conversations`."""
