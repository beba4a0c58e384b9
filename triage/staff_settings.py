"""What can be set about staff: how long they stay signed in, and the city's own sign-in. Nothing needs to be set."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from triage.kit.lists import Keys, Names
from triage.staff.roles import Role

# Without encryption only on this machine.
_ISSUER = re.compile(
    r"https://[\w.-]+(:\d+)?(/\S*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?", re.ASCII
)
_ROLES = tuple(Role)


class StaffSettings(BaseSettings):
    """The settings of staff accounts."""

    staff_idle_minutes: float = Field(
        30, gt=0, description="Staff are signed out after so long without doing anything."
    )
    staff_session_hours: float = Field(
        12, gt=0, description="Staff sign in again after so long in any case."
    )
    staff_keys: Keys = Field(
        (),
        description="Keys that the secrets of authenticator apps are kept encrypted with, with commas; the first "
        "encrypts, all decrypt. `python -m triage make-staff-key` makes one. Empty: staff sign in without an app.",
    )
    leaked_passwords: str = Field(
        "",
        description="A file of leaked passwords that staff may not choose: Have I Been Pwned's list of SHA-1, ordered "
        "by hash. Empty: only those that anybody would try first are refused.",
    )
    oidc_issuer: str = Field(
        "",
        description="The city's own sign-in over OpenID Connect, as https://login.city.example; empty: none.",
    )
    oidc_client_id: str = Field("", description="What the city's sign-in knows this line by.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret that goes with it."
    )
    oidc_name: str = Field("the city", description="What staff call it: Sign in with ...")
    oidc_scopes: str = Field(
        "openid email profile", description="What is asked for there, with spaces."
    )
    oidc_groups_claim: str = Field(
        "groups", description="The claim of the ID token that has the groups of somebody."
    )
    oidc_roles: Names = Field(
        (),
        description="Which group there has which role here, with commas: 311-leads=supervisor,311-agents=agent. "
        "Of several that fit, the first. Who is in none of them is not let in.",
    )

    @property
    def group_roles(self) -> dict[str, str]:
        """The role of each group, in the order given."""
        return dict(pair.rsplit("=", 1) for pair in self.oidc_roles)

    @model_validator(mode="after")
    def _city_sign_in(self) -> Self:
        needed = {
            "oidc_issuer": self.oidc_issuer,
            "oidc_client_id": self.oidc_client_id,
            "oidc_client_secret": self.oidc_client_secret.get_secret_value(),
            "oidc_roles": self.oidc_roles,
        }
        if not any(needed.values()):
            return self
        # The city's sign-in sends back to an address that it was told of.
        needed["public_url"] = getattr(self, "public_url", "")
        missing = ", ".join(f"ASK311_{n.upper()}" for n, value in needed.items() if not value)
        if missing:
            raise ValueError(
                f"the city's own sign-in is set by half; also set {missing}, or none of them"
            )
        if not _ISSUER.fullmatch(self.oidc_issuer):
            raise ValueError("ASK311_OIDC_ISSUER: write it as https://login.city.example")
        for pair in self.oidc_roles:
            group, _, role = pair.rpartition("=")
            if not group or role not in _ROLES:
                raise ValueError(
                    f"ASK311_OIDC_ROLES: write each as group=role; roles are {', '.join(_ROLES)}"
                )
        return self
