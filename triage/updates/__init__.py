"""Residents are told when their report moves: what is told, in what words, when and where, and who could not be told."""
