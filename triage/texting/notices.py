"""What the line itself says to those who text. Pure texts; none asks for a word that carriers take for themselves."""

from __future__ import annotations

from services_catalog.packs import City


def empty(city: City) -> str:
    """Say that a text had nothing in it."""
    return (
        f"Your text came without words. Tell us what you need from the City of {city.name}. "
        "In an emergency, call 911."
    )


def help_words(city: City) -> str:
    """Say who this is and how to reach a person, to somebody who sent HELP."""
    return (
        f"This is the City of {city.name}'s automated assistant. Text a question or a problem in your own words. "
        f"To talk to a person, call {city.either_phone}. In an emergency, call 911. "
        "Your carrier's message rates apply."
    )


def what_is_kept(city: City, address: str) -> str:
    """Say once to whoever writes that what they text is kept, and where to read on: the notice of collection."""
    link = address.removeprefix("https://").rstrip("/")
    return (
        f"City of {city.name} automated assistant. We keep what you text so we can answer it and act on it. "
        f"Leave out health and card details. More: {link}"
    )


def last_word(city: City) -> str:
    """Say that no more texts will come, to somebody whose word the carrier does not know."""
    return (
        f"You will get no more texts from the City of {city.name}'s assistant. "
        "To get them again, text START.\n"
        "Vous ne recevrez plus de messages. Pour en recevoir de nouveau, textez START."
    )


def welcome_back(city: City) -> str:
    """Say that texts come again."""
    return f"You get our texts again. What do you need from the City of {city.name}?"


def gone_quiet(city: City, minutes: int) -> str:
    """Say that nobody answers for a while, to a machine or to whoever has it."""
    return (
        "The same text came many times, or very many came at once, so it looks like a machine. We keep what you "
        f"text, but will not answer for {minutes} minutes. To talk to a person, call "
        f"{city.either_phone}. In an emergency, call 911."
    )


def late(body: str) -> str:
    """Say that a short text was not acted on, because others came before it."""
    return (
        f'Your text "{body.strip()}" reached us late, after newer ones. We did not act on it. '
        "If it still matters, please send it again."
    )


def no_picture() -> str:
    """Say that something that was sent cannot be used."""
    return (
        "We could not use the file you sent. Photos work (JPEG, PNG or WebP, at most 10 MB). "
        "You can send another, or go on in words."
    )


def picture_lost() -> str:
    """Say that a picture could not be fetched."""
    return "Your photo did not reach us. Please send it again, or go on in words."


def speaks(language: str) -> str:
    """Say that the conversation goes on in a language."""
    return {"fr": "Nous continuons en français."}.get(language, "We go on in English.")
