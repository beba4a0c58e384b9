"""What the line learns from: questions that it did not answer well, grouped by meaning, and labels that people approve."""
