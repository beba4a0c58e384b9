"""The city's own sign-in, over OpenID Connect: who somebody is there, and in which groups.

The protocol is authlib's. What is decided here: which answers are believed. Keys come from the city's server alone, never
from a token; only the algorithms below count; an email counts only as verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from triage.kit.clock import Clock
from triage.staff.errands import Errand
from triage.staff.errors import CitySignInDown, NotBelieved
from triage.staff.roles import Role

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

# With keys that only the city has: an algorithm with a shared secret, or none, is never taken.
ALGORITHMS = ["RS256", "PS256", "ES256"]
# Where the city's server has its endpoints and keys is asked for so often.
ASKED_EVERY = timedelta(hours=1)
_SECONDS = 10
# How far clocks may be apart.
_LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class Outside:
    """Who somebody is at the city's sign-in."""

    id: str  # issuer and subject: never given to anybody else
    email: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class CityServer:
    """The city's server, and what it knows this line by."""

    issuer: str
    client_id: str
    client_secret: str
    groups_claim: str
    # Group -> role; of several that fit, the first.
    roles: Mapping[str, Role]
    scopes: str = "openid email profile"

    def role_of(self, groups: Sequence[str]) -> Role | None:
        """Return what somebody of these groups is here; None: nothing."""
        return next((role for group, role in self.roles.items() if group in groups), None)


class CitySignIn:
    """Sends staff to the city's sign-in and reads what they bring back.

    Raises:
        CitySignInDown: from its methods, where the server does not answer as it must.
    """

    def __init__(self, server: CityServer, clock: Clock) -> None:
        self.server, self._clock = server, clock
        self._known: tuple[datetime, dict[str, Any], dict[str, Any]] | None = None

    async def address(self, errand: Errand, redirect_uri: str) -> str:
        """Return where a browser is sent."""
        async with self._client(redirect_uri) as client:
            endpoints, _ = await self._server_knows(client)
            more = {"prompt": "login", "max_age": "0"} if errand.again else {}
            address, _ = client.create_authorization_url(
                endpoints["authorization_endpoint"],
                state=errand.state,
                nonce=errand.nonce,
                code_verifier=errand.verifier,
                **more,
            )
            return str(address)

    async def come_back(self, errand: Errand, code: str, redirect_uri: str) -> Outside:
        """Return who came back.

        Raises:
            NotBelieved: what they brought does not prove it.
        """
        async with self._client(redirect_uri) as client:
            endpoints, keys = await self._server_knows(client)
            token = await self._fetched(client, endpoints, errand, code)
            claims = self._claims(token, keys)
            if claims is None:  # signed with a key that is newer than those known
                _, keys = await self._server_knows(client, anew=True)
                claims = self._claims(token, keys)
        if claims is None:
            raise NotBelieved("unknown key")
        return self._outside(self._checked(claims, token, errand), errand)

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        # Here, so that a line without a city's sign-in does not hold it in memory.
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self.server.client_id,
            self.server.client_secret,
            scope=self.server.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_SECONDS,
            follow_redirects=False,
        )

    async def _server_knows(
        self, client: AsyncOAuth2Client, *, anew: bool = False
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the server's endpoints and its keys."""
        now = self._clock.now()
        if self._known and not anew and now < self._known[0] + ASKED_EVERY:
            return self._known[1], self._known[2]
        base = self.server.issuer.rstrip("/")
        endpoints = await _read(client, f"{base}/.well-known/openid-configuration")
        if endpoints.get("issuer") != self.server.issuer:
            raise CitySignInDown("it names another issuer")
        keys = await _read(client, str(endpoints["jwks_uri"]))
        self._known = now, endpoints, keys
        return endpoints, keys

    async def _fetched(
        self, client: AsyncOAuth2Client, endpoints: Mapping[str, Any], errand: Errand, code: str
    ) -> Mapping[str, Any]:
        import httpx2
        from authlib.integrations.base_client import OAuthError

        try:
            token: Mapping[str, Any] = await client.fetch_token(
                endpoints["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=errand.verifier,
            )
        except OAuthError as fault:
            raise NotBelieved(str(fault.error)) from fault
        except httpx2.HTTPError as fault:
            raise CitySignInDown(type(fault).__name__) from fault
        if "id_token" not in token:
            raise NotBelieved("no id_token")
        return token

    @staticmethod
    def _claims(token: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
        """Return the token as it was signed; None: the key is not among those given."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet

        try:
            found = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
            return jwt.decode(token["id_token"], found, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return None
        except (JoseError, ValueError) as fault:
            raise NotBelieved(type(fault).__name__) from fault

    def _checked(self, signed: Any, token: Mapping[str, Any], errand: Errand) -> Any:
        """Return the claims, once they are about this sign-in, at this line, now."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": self.server.issuer},
                "aud": {"essential": True, "value": self.server.client_id},
            },
            {
                "nonce": errand.nonce,
                "client_id": self.server.client_id,
                "access_token": token.get("access_token"),
            },
        )
        try:
            claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY_SECONDS)
        except JoseError as fault:
            raise NotBelieved(type(fault).__name__) from fault
        return claims

    def _outside(self, claims: Mapping[str, Any], errand: Errand) -> Outside:
        if claims.get("email_verified") is not True or not claims.get("email"):
            raise NotBelieved("the email is not verified")
        if errand.again:
            shown_at = datetime.fromtimestamp(float(claims.get("auth_time") or 0), UTC)
            if shown_at < errand.began_at - timedelta(seconds=_LEEWAY_SECONDS):
                raise NotBelieved("the password was not shown again")
        groups = claims.get(self.server.groups_claim) or ()
        return Outside(
            f"{claims['iss']}|{claims['sub']}",
            str(claims["email"]).strip().lower(),
            str(claims.get("name") or claims["email"])[:120],
            tuple(map(str, groups if isinstance(groups, list) else [groups])),
        )


async def _read(client: AsyncOAuth2Client, url: str) -> dict[str, Any]:
    import httpx2

    try:
        answer = await client.request("GET", url, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as fault:
        raise CitySignInDown(type(fault).__name__) from fault
    if not isinstance(found, dict):
        raise CitySignInDown("no object")
    return found
