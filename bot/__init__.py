"""The Rasa assistant: dialogue moves and wording. Runs in its own Python 3.10 environment, bot/.venv."""
