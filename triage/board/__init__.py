"""The supervisor's board: how the line does now, from conversations and cases together."""
