"""A small real OpenID Connect server, as a city has one for its staff. It signs in whoever it is told to, at once.

It keeps to the parts of the standard that a client can get wrong: the state, the nonce, PKCE, the client's secret, codes
that are good once. `claims` and `sign` let a test make it lie.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.serving import serving

CLIENT_ID, SECRET = "ask311", "the secret of the client"
Claims = dict[str, Any]


class CityServer:
    """Says who is at its screen, until it is told otherwise."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.published = [self.key]
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.begins_anew()

    def begins_anew(self) -> None:
        """Be honest and up again, with somebody new at the screen."""
        self.is_down = False
        subject = secrets.token_hex(4)
        self.email = f"rae-{subject}@city.example"
        self.person: Claims = {
            "sub": subject,
            "email": self.email.title(),
            "email_verified": True,
            "name": "Rae Outside",
            "groups": ["everybody", "311-agents"],
        }
        # Changes what is in the token, after all of it was made.
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.honest

    def honest(self, claims: Claims) -> str:
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, claims, self.key)

    def turns_keys(self) -> None:
        """Sign with a new key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})
        self.published = [self.key]

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent back to."""
        self.asked.append(query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Return what a code is exchanged for."""
        expected = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        query = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        if query is None or query["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": query["nonce"],
            **self.person,
        }
        id_token = self.sign(self.claims(claims))
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": id_token}


@contextmanager
def city_server() -> Iterator[CityServer]:
    """Run one."""
    city = CityServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if city.is_down:
                self._answers(503, {})
            elif url.path == "/.well-known/openid-configuration":
                self._answers(
                    200,
                    {
                        "issuer": city.issuer,
                        "authorization_endpoint": f"{city.issuer}/authorize",
                        "token_endpoint": f"{city.issuer}/token",
                        "jwks_uri": f"{city.issuer}/keys",
                    },
                )
            elif url.path == "/keys":
                keys = [key.as_dict(private=False) for key in city.published]
                self._answers(200, {"keys": keys})
            else:
                where = city.authorize({k: v[0] for k, v in parse_qs(url.query).items()})
                self.send_response(302)
                self.send_header("Location", where)
                self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = self.headers.get("Authorization", "")
            self._answers(*city.token(dict(parse_qsl(body)), given))

        def _answers(self, status: int, content: Claims) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as port:
        city.issuer = f"http://127.0.0.1:{port}"
        yield city
