"""Photos that residents send: checked, cleaned, and kept outside the database."""
