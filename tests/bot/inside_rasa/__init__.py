"""Checks that run inside Rasa's own environment (Python 3.10, no pytest): test_inside_rasa.py starts them.

Each function named check_... is one test.
"""
