"""Conversations: what was said, by whom, and who answers next."""
