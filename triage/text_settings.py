"""What can be set about text messages, beside the other settings (settings.py). All or nothing: half is refused.

Nothing set: the line sends and takes no texts, and needs none of this.
"""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from triage.kit.lists import Keys, Names

SHORTEST_SECRET = 16
# An address as the carrier writes it: E.164, a short code, or WhatsApp's.
_ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}|\d{4,6}")


class TextSettings(BaseSettings):
    """The settings of text messages."""

    public_url: str = Field(
        "",
        description="The address that the outside knows this server by, as https://ask.example.org; "
        "Open311's discovery tells it, and the text carrier signs it. Empty: as each request says.",
    )
    twilio_account_sid: str = Field(
        "", description="The Twilio account of the city's numbers, AC...; empty: no texts."
    )
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), description="The account's auth token: it signs what Twilio sends here."
    )
    twilio_api_key: str = Field(
        "",
        description="An API key, SK..., for calls to Twilio. Empty: account and auth token are used.",
    )
    twilio_api_secret: SecretStr = Field(SecretStr(""), description="The API key's secret.")
    twilio_signing_key: SecretStr = Field(
        SecretStr(""),
        description="The secret of a Twilio SharedKey, where webhooks are signed with one.",
    )
    twilio_numbers: Names = Field(
        (),
        description="The numbers residents write to, with commas: +14165550311, whatsapp:+14165550311.",
    )
    twilio_messaging_service: str = Field(
        "", description="The Messaging Service, MG..., that texts are sent through, if any."
    )
    twilio_url: str = Field("https://api.twilio.com", description="Where Twilio's API is.")
    twilio_media_hosts: Names = Field(
        ("mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com"),
        description="Hosts, with commas, to which Twilio's API may send us on for a picture.",
    )
    twilio_seconds: float = Field(10, gt=0, description="Time for one call to Twilio.")
    text_keys: Keys = Field(
        (),
        description="Keys that phone numbers are kept encrypted with, with commas; the first "
        "encrypts, all decrypt. `python -m triage make-text-keys` makes one.",
    )
    text_match_key: SecretStr = Field(
        SecretStr(""),
        description="The key of the hash by which a phone number is found again; it never changes.",
    )
    text_concurrency: int = Field(
        8, ge=1, le=100, description="How many texts may be on their way to Twilio at once."
    )
    text_sweep_seconds: float = Field(
        0.5, gt=0, description="How often to look for texts to send."
    )
    text_retry_first_seconds: float = Field(
        2, gt=0, description="The pause after a text could not be sent; it doubles each time."
    )
    text_retry_longest_seconds: float = Field(300, gt=0, description="The longest such pause.")
    text_give_up_after_hours: float = Field(
        24, gt=0, description="A text that could not be sent for so long is given up."
    )
    text_replies_per_hour: int = Field(
        120,
        ge=1,
        description="Texts to one number; what is more waits its turn. Safety texts do not.",
    )
    text_same_in_a_row: int = Field(
        5, ge=2, description="The same text so often in a row is a machine's: answering stops."
    )
    text_from_one_per_minute: int = Field(
        30, ge=2, description="So many texts of one number in a minute: answering stops."
    )
    text_quiet_minutes: float = Field(
        60,
        gt=0,
        description="How long answering stops for a number that a machine writes from.",
    )
    text_answers_help: bool = Field(
        False,
        description="The line answers HELP by SMS itself; no: the carrier does, as Twilio's default is.",
    )
    text_notice: bool = Field(
        True,
        description="Whoever texts is told once in a conversation what is kept, with a link.",
    )
    text_notice_url: str = Field(
        "",
        description="The city's notice of collection, to which that link leads. Empty: this line's page.",
    )
    text_conversation_days: int = Field(
        60,
        ge=1,
        description="A number silent for so long begins a new conversation: it may be another's.",
    )
    text_reconcile_minutes: float = Field(
        5,
        ge=0,
        description="How often to read Twilio's log for texts that did not arrive; 0: never.",
    )

    @property
    def has_texts(self) -> bool:
        """Say whether texts are sent and taken."""
        return bool(self.twilio_account_sid)

    @field_validator("twilio_account_sid")
    @classmethod
    def _account(cls, value: str) -> str:
        if value and not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("it is AC and 32 hexadecimal digits")
        return value

    @field_validator("twilio_numbers")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not _ADDRESS.fullmatch(number) for number in value):
            raise ValueError("write numbers as +14165550311 or whatsapp:+14165550311")
        return value

    @field_validator("twilio_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?", value, re.ASCII):
            raise ValueError("write it as https://api.twilio.com")
        return value.rstrip("/")

    @field_validator("text_match_key", "twilio_auth_token", "twilio_signing_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value) < SHORTEST_SECRET:
            raise ValueError(f"it has at least {SHORTEST_SECRET} characters")
        return value

    @model_validator(mode="after")
    def _all_or_nothing(self) -> Self:
        needed = {
            "twilio_account_sid": self.twilio_account_sid,
            "twilio_auth_token": self.twilio_auth_token.get_secret_value(),
            "twilio_numbers": self.twilio_numbers,
            "text_keys": self.text_keys,
            "text_match_key": self.text_match_key.get_secret_value(),
        }
        if not any(needed.values()):
            return self
        # Without the address that the carrier signs, everything that comes would be refused.
        needed["public_url"] = self.public_url
        missing = ", ".join(f"ASK311_{n.upper()}" for n, value in needed.items() if not value)
        if missing:
            raise ValueError(
                f"text messages are set by half; also set {missing}, or none of them"
            )
        if bool(self.twilio_api_key) != bool(self.twilio_api_secret.get_secret_value()):
            raise ValueError(
                "set ASK311_TWILIO_API_KEY and ASK311_TWILIO_API_SECRET, or neither"
            )
        return self
