"""Everything that can be set from outside, read from the environment as ASK311_<NAME>.

`python -m triage settings` prints this list with its defaults.
"""

from __future__ import annotations

import re
import socket
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from triage.kit.lists import Names, Networks
from triage.kit.quiet import read_quiet_hours
from triage.staff_settings import StaffSettings
from triage.text_settings import TextSettings

# Where the carrier's stand-in is, in triage/demo/.
_STAND_IN = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?/demo/carrier", re.ASCII)


class Settings(StaffSettings, TextSettings):
    """The settings of one triage process; those of staff and of text messages stand in files of their own."""

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
    api_secret: SecretStr = Field(
        description="The secret that the assistant's actions show when they open or ask for a case. Required.",
        min_length=16,
    )
    rasa_urls: Names = Field(
        ("http://127.0.0.1:5005",),
        description="The assistant's processes, with commas. Each conversation keeps to one of them.",
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055",
        description="The action server; asked for its health only.",
    )
    media_dir: str = Field(
        "var/media",
        description="The folder of residents' photos; all triage processes of a line share it.",
    )
    model_dir: str = Field(
        "bot/models", description="Where the assistant's model lies, to name it in /version."
    )
    search_cache: str = Field(
        "var/search",
        description="The folder of the search's cache. A draft of an entry is tried with what lies there, before it is "
        "published; empty: none is tried.",
    )
    demo: bool = Field(
        False,
        description="Texts go through a stand-in for the carrier on this machine, with a phone at /demo/phone "
        "to try them; refused where a real carrier is set. `make run` sets it where none is.",
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
    forward_seconds: float = Field(
        20, gt=0, description="Time for one call to an outside Open311 endpoint."
    )
    forward_sweep_seconds: float = Field(
        2, gt=0, description="How often to look for cases to forward."
    )
    forward_retry_first_seconds: float = Field(
        30,
        gt=0,
        description="The pause after the first failed try to forward a case; it doubles each time.",
    )
    forward_retry_longest_seconds: float = Field(
        3_600, gt=0, description="The longest pause between tries to forward a case."
    )
    forward_give_up_after_hours: float = Field(
        72, gt=0, description="A case that could not be forwarded for so long is given up."
    )
    update_sweep_seconds: float = Field(
        2,
        gt=0,
        description="How often to look for residents who are to be told of their report.",
    )
    quiet_hours: str = Field(
        "",
        description='When no phone buzzes with news of a report, as "21:00-8:00", or "none". Empty: as the city\'s pack says.',
    )
    learning_days: int = Field(
        90,
        ge=15,
        le=730,
        description="How many days the redacted words of what was not answered well are kept, and labels nobody approved.",
    )
    jobs: bool = Field(
        True,
        description="Whether the front door does the jobs too (forwarding, sweeping, closing); no: only workers do.",
    )
    replica: str = Field(
        "",
        description="The name of this process among its replicas, the same after a restart, so that "
        "it frees at once what it held when it died. Default: host name and port.",
    )

    messages_per_minute: int = Field(600, ge=1, description="Messages from one address.")
    photos_per_minute: int = Field(30, ge=1, description="Photos from one address.")
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
    allowed_origins: Names = Field(
        (),
        description="Web sites, with commas, whose pages may call the chat API themselves (CORS).",
    )
    frame_ancestors: Names = Field(
        ("'self'",),
        description="Web sites, with commas, that may show the chat in a frame (CSP frame-ancestors).",
    )
    link_check_hours: float = Field(
        0,
        ge=0,
        description="So many hours a page that an entry names is left alone before it is looked at again, such as 168. "
        "0: links are looked at only by `python -m triage check-links`.",
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

    @field_validator("rasa_urls")
    @classmethod
    def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("name at least one address of the assistant")
        return tuple(url.rstrip("/") for url in value)

    @field_validator("quiet_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        if value:
            read_quiet_hours(value)
        return value

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

    @model_validator(mode="after")
    def _demo_has_no_carrier(self) -> Self:
        if self.demo and not self._is_all_here:
            raise ValueError(
                "ASK311_DEMO shows texts without a carrier: set ASK311_TWILIO_URL to http://127.0.0.1:PORT/demo/carrier "
                "as `make run` does, and no key of a real account; or take ASK311_DEMO away"
            )
        return self

    @property
    def _is_all_here(self) -> bool:
        """Say whether texts, if any are sent, stay on this machine."""
        real = (
            self.twilio_api_key,
            self.twilio_messaging_service,
            len(self.twilio_signing_key),
        )
        return self.has_texts and bool(_STAND_IN.fullmatch(self.twilio_url)) and not any(real)

    def replica_at(self, port: int) -> Settings:
        """Return these settings with the replica named, by host and port if nothing else is set."""
        name = self.replica or f"{socket.gethostname()}:{port}"
        return self.model_copy(update={"replica": name})

    def worker_at(self, port: int) -> Settings:
        """Return these settings for a worker, never under the name of a front door: it would free what that holds."""
        name = f"{self.replica_at(port).replica}:worker"
        return self.model_copy(update={"replica": name})


def settings_table() -> str:
    """Return all settings as a Markdown table, for the documentation."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    # Those of text messages last: most lines need none of them.
    apart = [*StaffSettings.model_fields, *TextSettings.model_fields]
    names = [n for n in Settings.model_fields if n not in apart] + apart
    for name in names:
        field = Settings.model_fields[name]
        default = "" if field.is_required() else field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        if isinstance(default, tuple):
            default = ",".join(map(str, default))
        shown = f"`{default}`" if default != "" else ""
        lines.append(f"| `ASK311_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)
