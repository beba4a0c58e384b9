"""Incident notices: what the City says just now about a place or a service, for a time. No web framework here.

`model` holds the values, `matching` says which notice is for whom, `words` how it reads, `checks` what is wrong with one;
these four are pure. `store` keeps them with their history, and `live` is how a process follows them.
"""
