"""For those who run the line: is it well, what is it, what has it counted, what can be called."""
