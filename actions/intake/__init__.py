"""How a report is taken in a conversation: what is asked next, and what an answer means.

The catalogue entry says what is asked (services_catalog/definition.py); nothing here knows any one service.
"""
