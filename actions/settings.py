"""What can be set from outside for the action server, read from the environment as ASK311_<NAME>."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of the action server; those it shares with triage have the same names."""

    model_config = SettingsConfigDict(env_prefix="ASK311_", frozen=True)

    city: str = Field("toronto", description="The city pack that this line speaks for.")
    database_url: str = Field(
        "sqlite:///var/ask311.db", description="The database that holds the catalogue."
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055",
        description="Where the action server listens; keep it on this machine or a private network.",
    )
    triage_url: str = Field(
        "http://127.0.0.1:8000", description="Where triage listens, which keeps the cases."
    )
    public_url: str = Field(
        "",
        description="The address that the outside knows the line by; answers that have a calendar link to it there.",
    )
    api_secret: SecretStr = Field(
        description="The secret that this system's own parts share. Required.", min_length=16
    )
    search_cache: str = Field(
        "var/search", description="Folder for what the search takes long to compute; a cache."
    )

    @field_validator("actions_url")
    @classmethod
    def _names_host_and_port(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError("write it as http://127.0.0.1:5055")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        """The host to listen on."""
        return urlsplit(self.actions_url).hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        """The port to listen on."""
        return urlsplit(self.actions_url).port or 5055
