"""What the line achieved in a period: figures without anybody's facts, and the report that managers read."""
