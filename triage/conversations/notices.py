"""What the line itself says when the assistant cannot. Pure texts, plain and honest."""

from __future__ import annotations

from services_catalog.packs import City


def _by_phone(city: City) -> str:
    return f"call {city.phone_anywhere}"


def taking_longer(city: City) -> str:
    """Say that the message is kept and the answer will come, and how to reach the city meanwhile."""
    return (
        "Sorry, this takes longer than usual. Your message is kept and the answer will come here "
        f"by itself. If you do not want to wait, {_by_phone(city)}. In an emergency, call 911."
    )


def given_up(city: City) -> str:
    """Say that no answer will come to this message, and what to do instead."""
    return (
        "Sorry, we could not answer your message, and no answer to it will come here. "
        f"Please {_by_phone(city)}. You can also write again here."
    )


def in_danger(city: City) -> str:
    """Say what helps in any danger, for a kind that the city pack has no words for."""
    return (
        "If anyone is in danger, get to a safe place and call 911 now. "
        f"For anything else, {_by_phone(city)}."
    )
