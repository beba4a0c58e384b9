"""Cases: what residents report, who works on it, and what became of it."""
