"""The municipal services catalogue: what a city offers, in words that residents use, and how to find it.

A library: it knows the catalogue's entries, how to read and keep them, and how to find the one that a
resident means. It knows no web framework, no conversation and no case.
"""
