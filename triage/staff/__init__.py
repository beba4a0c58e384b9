"""Staff: who they are, what each may do, how they prove it, and what is kept of what they did."""
