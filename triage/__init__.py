"""The front door: it takes in what residents say, keeps it, has it answered and brings the answer back."""
