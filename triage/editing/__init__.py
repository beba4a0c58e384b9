"""Maintainers change what residents are told: drafts, a second look where the pack wants one, publishing, going back."""
