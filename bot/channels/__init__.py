"""How messages reach the assistant: one channel, for the relay alone."""
