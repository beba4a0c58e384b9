"""Everything that can be set from outside, read from the environment as ASK311_<NAME>.

`python -m triage settings` prints this list with its defaults.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# A setting that is a list is written with commas.
CommaList = Annotated[tuple[str, ...], NoDecode]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]


class Settings(BaseSettings):
    """The settings of one triage process."""

    model_config = SettingsConfigDict(env_prefix="ASK311_", frozen=True)

    city: str = Field("toronto", description="The city pack that this line speaks for.")
    database_url: str = Field(
        "sqlite:///var/ask311.db",
        description="Where conversations are kept, as SQLAlchemy writes it; "
        "postgresql+psycopg://... for production.",
    )
    gateway_secret: SecretStr = Field(
        description="The secret shared with the assistant's gateway channel. Required.",
        min_length=16,
    )
    rasa_urls: CommaList = Field(
        ("http://127.0.0.1:5005",),
        description="The assistant's processes, with commas. Each conversation keeps to one of them.",
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055",
        description="The action server; asked for its health only.",
    )
    model_dir: str = Field(
        "bot/models", description="Where the assistant's model lies, to name it in /version."
    )
    git_sha: str = Field(
        "", description="The source revision this was built from, for /version."
    )

    relay_concurrency: int = Field(
        8, ge=1, le=100, description="How many messages may be with the assistant at once."
    )
    rasa_connect_seconds: float = Field(1, gt=0, description="Time to reach the assistant.")
    rasa_seconds: float = Field(10, gt=0, description="Time for one answer of the assistant.")
    lease_seconds: float = Field(
        15,
        gt=0,
        description="How long a message is one process's to answer; above rasa_seconds.",
    )
    retry_first_seconds: float = Field(
        0.5, gt=0, description="The pause after the first failed attempt; it doubles each time."
    )
    retry_longest_seconds: float = Field(5, gt=0, description="The longest pause.")
    sweep_seconds: float = Field(
        0.5, gt=0, description="How often to look for waiting messages that nobody announced."
    )
    outage_after_seconds: float = Field(
        4, gt=0, description="A message unanswered for so long: the resident is told."
    )
    give_up_after_seconds: float = Field(
        900,
        gt=0,
        description="A message unanswered for so long is given up, and the resident told.",
    )
    poll_seconds: float = Field(
        0.5,
        gt=0,
        description="How often to look, for readers who wait, what other processes have answered.",
    )
    heartbeat_seconds: float = Field(
        15, gt=0, description="How often a silent event stream shows that it is alive."
    )
    replica: str = Field(
        "",
        description="The name of this process among its replicas, the same after a restart, so that "
        "it frees at once what it held when it died. Default: host name and port.",
    )

    messages_per_minute: int = Field(600, ge=1, description="Messages from one address.")
    conversations_per_minute: int = Field(
        120, ge=1, description="New conversations from one address."
    )
    reads_per_minute: int = Field(
        3_000, ge=1, description="Requests to read a conversation, from one address."
    )
    trusted_proxies: Networks = Field(
        (),
        description="Networks of proxies, with commas, whose X-Forwarded-For is believed.",
    )
    allowed_origins: CommaList = Field(
        (),
        description="Web sites, with commas, whose pages may call the chat API themselves (CORS).",
    )
    frame_ancestors: CommaList = Field(
        ("'self'",),
        description="Web sites, with commas, that may show the chat in a frame (CSP frame-ancestors).",
    )
    map_tiles_url: str = Field(
        "",
        description="Where the map's background comes from, as https://tiles.example.org/{z}/{x}/{y}.png; "
        "that server learns which part of the city a resident looks at. Empty: outlines only.",
    )
    map_attribution: str = Field(
        "", description="What is said below the map about its background, as its licence asks."
    )
    hsts_seconds: int = Field(
        0,
        ge=0,
        description="Strict-Transport-Security; set it where the site is served over HTTPS.",
    )
    log_level: str = Field("info", description="debug, info, warning or error.")

    @field_validator(
        "rasa_urls", "trusted_proxies", "allowed_origins", "frame_ancestors", mode="before"
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("rasa_urls")
    @classmethod
    def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("name at least one address of the assistant")
        return tuple(url.rstrip("/") for url in value)

    @field_validator("map_tiles_url")
    @classmethod
    def _tiles(cls, value: str) -> str:
        # Its host becomes part of the content policy, so it must be nothing but a host.
        is_fit = re.fullmatch(r"https?://(\{s\}\.)?[\w.-]+(:\d+)?/\S*", value, re.ASCII)
        if value and not (is_fit and all(part in value for part in ("{z}", "{x}", "{y}"))):
            raise ValueError("write it as https://HOST/..., with {z}, {x} and {y} in it")
        return value

    @model_validator(mode="after")
    def _lease_outlasts_the_call(self) -> Self:
        if self.lease_seconds <= self.rasa_seconds:
            raise ValueError(
                "lease_seconds must be above rasa_seconds, or two would answer at once"
            )
        return self

    def replica_at(self, port: int) -> Settings:
        """Return these settings with the replica named, by host and port if nothing else is set."""
        name = self.replica or f"{socket.gethostname()}:{port}"
        return self.model_copy(update={"replica": name})


def settings_table() -> str:
    """Return all settings as a Markdown table, for the documentation."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() else field.default
        if isinstance(default, tuple):
            default = ",".join(map(str, default))
        shown = f"`{default}`" if default != "" else ""
        lines.append(f"| `ASK311_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)
