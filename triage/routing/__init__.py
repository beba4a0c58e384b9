"""Which queue a case goes to: ordered rules that are data, and the reason of each decision."""
