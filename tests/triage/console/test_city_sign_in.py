"""The city's own sign-in: who is let in by it, and which answers are not believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import ValidationError

from evaluation.line import free_port
from services_catalog.database import open_database
from tests.support.city_server import CLIENT_ID, SECRET, CityServer, city_server
from tests.support.staff import AtConsole, add_member
from tests.triage.page.line import Line
from tests.triage.talking import make_settings
from triage.staff.roles import Role
from triage.staff.tables import members


@pytest.fixture(scope="module")
def server() -> Iterator[CityServer]:
    with city_server() as city:
        yield city


@pytest.fixture
def city(server: CityServer) -> CityServer:
    """The server, honest again, with somebody new at its screen."""
    server.begins_anew()
    return server


def line_of(server: CityServer, folder: Path) -> Line:
    port = free_port()
    return Line(
        folder,
        port,
        public_url=f"http://127.0.0.1:{port}",
        oidc_issuer=server.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SECRET,
        oidc_name="Toronto Single Sign-on",
        oidc_roles=("311-leads=supervisor", "311-agents=agent", "it=administrator"),
    )


@pytest.fixture(scope="module")
def line(server: CityServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = line_of(server, tmp_path_factory.mktemp("city"))
    line.start()
    yield line
    line.close()


@pytest.fixture
def browser(line: Line, city: CityServer) -> Iterator[AtConsole]:
    with AtConsole(line.url) as browser:
        yield browser


def goes_there(browser: AtConsole, path: str = "/staff/sign-in/city") -> str:
    """Go to the city's sign-in; return where it sends back to."""
    sent = browser.opens(path)
    assert sent.status_code == 303, sent.text
    back = httpx.get(sent.headers["location"], trust_env=False).headers["location"]
    assert back.startswith(str(browser.client.base_url).rstrip("/"))
    return str(back)


def signs_in(browser: AtConsole, path: str = "/staff/sign-in/city") -> httpx.Response:
    return browser.opens(goes_there(browser, path))


def who(browser: AtConsole) -> str:
    return browser.opens("/staff/account").text


def test_whom_the_city_lets_in_has_an_account_with_the_role_of_their_group(
    browser: AtConsole, city: CityServer
) -> None:
    browser.opens("/staff/sign-in?back=/staff/account")
    assert "Sign in with Toronto Single Sign-on" in browser.page
    before = browser.client.cookies["ask311_staff"]
    done = signs_in(browser, "/staff/sign-in/city?back=/staff/account")
    assert (done.status_code, done.headers["location"]) == (303, "/staff/account")
    assert browser.client.cookies["ask311_staff"] != before
    page = who(browser)
    assert city.email in page
    assert "<dd>Agent</dd>" in page

    # The next time it is the same account, and the role is what the city says then.
    city.person |= {"groups": ["311-agents", "311-leads"], "email": "renamed@city.example"}
    signs_in(browser)
    page = who(browser)
    assert city.email in page
    assert "<dd>Supervisor</dd>" in page


def test_an_account_with_that_email_is_kept_with_its_queues(
    line: Line, browser: AtConsole, city: CityServer
) -> None:
    queues = frozenset({"desk"})
    member = add_member(
        line.settings.database_url, Role.AGENT, queues, email=city.email, name="Known"
    )
    signs_in(browser)
    page = who(browser)
    assert "Known" in page
    assert "311 triage desk" in page
    assert browser.signs_in(member.email).status_code == 303


def no_groups(city: CityServer) -> None:
    city.person["groups"] = ["everybody"]


def not_verified(city: CityServer) -> None:
    city.person["email_verified"] = False


def verified_in_words(city: CityServer) -> None:
    city.person["email_verified"] = "true"


def claims(**changes: Any) -> Callable[[CityServer], None]:
    def lies(city: CityServer) -> None:
        city.claims = lambda honest: honest | changes

    return lies


def no_nonce(city: CityServer) -> None:
    city.claims = lambda honest: {k: v for k, v in honest.items() if k != "nonce"}


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _unsigned(header: dict[str, str], claims: dict[str, Any]) -> str:
    return f"{_part(json.dumps(header).encode())}.{_part(json.dumps(claims).encode())}"


def unsigned(city: CityServer) -> None:
    city.sign = lambda claims: f"{_unsigned({'alg': 'none'}, claims)}."


def anothers_key(city: CityServer) -> None:
    key = RSAKey.generate_key(2048, {"kid": city.key.kid})
    city.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def key_in_the_token(city: CityServer) -> None:
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "jwk": key.as_dict(private=False)}
    city.sign = lambda claims: jwt.encode(header, claims, key)


def public_key_as_secret(city: CityServer) -> None:
    def signed(claims: dict[str, Any]) -> str:
        told = _unsigned({"alg": "HS256", "kid": str(city.key.kid)}, claims)
        seal = hmac.digest(city.key.as_pem(private=False), told.encode(), hashlib.sha256)
        return f"{told}.{_part(seal)}"

    city.sign = signed


@pytest.mark.parametrize(
    ("lies", "says"),
    [
        (no_groups, "has no role at this line"),
        (not_verified, "did not let you in"),
        (verified_in_words, "did not let you in"),
        (claims(email=""), "did not let you in"),
        (claims(iss="https://evil.example"), "did not let you in"),
        (claims(aud="another-client"), "did not let you in"),
        (claims(aud=[CLIENT_ID, "another"], azp="another"), "did not let you in"),
        (claims(exp=1_700_000_000), "did not let you in"),
        (claims(nonce="another"), "did not let you in"),
        (no_nonce, "did not let you in"),
        (claims(at_hash="wrong"), "did not let you in"),
        (unsigned, "did not let you in"),
        (anothers_key, "did not let you in"),
        (key_in_the_token, "did not let you in"),
        (public_key_as_secret, "did not let you in"),
    ],
    ids=lambda p: getattr(p, "__name__", "") if callable(p) else "",
)
def test_an_answer_that_proves_nothing_lets_nobody_in(
    browser: AtConsole, city: CityServer, lies: Callable[[CityServer], None], says: str
) -> None:
    lies(city)
    refused = signs_in(browser)
    assert refused.status_code == 403
    assert says in refused.text
    assert not browser.is_in()


def test_a_key_that_is_newer_than_those_known_is_asked_for(
    browser: AtConsole, city: CityServer
) -> None:
    assert signs_in(browser).status_code == 303
    city.turns_keys()
    assert signs_in(browser).status_code == 303


def test_an_answer_is_believed_from_the_browser_that_was_sent_and_once(
    line: Line, browser: AtConsole
) -> None:
    back = goes_there(browser)
    with AtConsole(line.url) as victim:
        victim.opens("/staff/sign-in")
        assert victim.opens(back).status_code == 403
        assert not victim.is_in()
    assert browser.opens(back).status_code == 303
    assert browser.is_in()
    assert browser.opens(back).status_code == 403
    # That took nothing from whoever is signed in.
    assert browser.is_in()


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?error=denied&state=x"])
def test_coming_back_without_having_been_sent_leads_to_the_sign_in_page(
    browser: AtConsole, query: str
) -> None:
    assert browser.opens(f"/staff/sign-in/city/back{query}").status_code == 403
    assert "begin once more" in browser.page


def test_what_the_city_says_instead_is_not_shown(browser: AtConsole) -> None:
    state = parse_qs(urlsplit(goes_there(browser)).query)["state"][0]
    refused = browser.opens(f"/staff/sign-in/city/back?state={state}&error=CALL-THIS-NUMBER")
    assert refused.status_code == 403
    assert "CALL-THIS-NUMBER" not in refused.text


def test_a_disabled_account_is_not_let_in_by_the_city(
    line: Line, browser: AtConsole, city: CityServer
) -> None:
    signs_in(browser)
    engine = open_database(line.settings.database_url)
    with engine.begin() as connection:
        mine = members.update().where(members.c.email == city.email)
        connection.execute(mine.values(disabled_at=members.c.created_at))
    engine.dispose()
    assert not browser.is_in()
    assert signs_in(browser).status_code == 403


def test_when_the_citys_server_is_down_the_page_says_so(
    city: CityServer, tmp_path: Path
) -> None:
    city.is_down = True
    line = line_of(city, tmp_path)
    line.start()
    try:
        with AtConsole(line.url) as browser:
            answer = browser.opens("/staff/sign-in/city")
            assert answer.status_code == 503
            assert "does not answer just now" in answer.text
            # Once it is back, so is the way.
            city.is_down = False
            assert signs_in(browser).status_code == 303
    finally:
        line.close()


def test_before_a_change_of_accounts_the_city_asks_for_the_password_again(
    browser: AtConsole, city: CityServer
) -> None:
    city.person["groups"] = ["it"]
    signs_in(browser)
    browser.opens("/staff/account/prove?back=/staff/members/new")
    assert "Sign in with the city once more" in browser.page
    again = "/staff/sign-in/city?again=true&back=/staff/members/new"
    done = signs_in(browser, again)
    assert done.headers["location"] == "/staff/members/new"
    assert (city.asked[-1]["prompt"], city.asked[-1]["max_age"]) == ("login", "0")
    # Of somebody who was let through without it.
    city.claims = lambda honest: honest | {"auth_time": honest["auth_time"] - 3_600}
    assert signs_in(browser, again).status_code == 403


def test_a_line_without_a_citys_sign_in_has_no_way_to_it(url: str) -> None:
    with AtConsole(url) as browser:
        assert browser.opens("/staff/sign-in/city").status_code == 404
        assert "Sign in with" not in browser.opens("/staff/sign-in").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"oidc_client_id": ""}, "ASK311_OIDC_CLIENT_ID"),
        ({"public_url": ""}, "ASK311_PUBLIC_URL"),
        ({"oidc_roles": ()}, "ASK311_OIDC_ROLES"),
        ({"oidc_roles": ("group",)}, "group=role"),
        ({"oidc_roles": ("group=mayor",)}, "supervisor"),
        ({"oidc_issuer": "http://login.city.example"}, "https://"),
    ],
)
def test_half_a_citys_sign_in_is_refused_at_the_start(
    changes: dict[str, Any], says: str
) -> None:
    whole = {
        "public_url": "https://ask.city.example",
        "oidc_issuer": "https://login.city.example",
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": SECRET,
        "oidc_roles": ("group=agent",),
    }
    make_settings("sqlite://", "http://127.0.0.1:9", **whole)
    with pytest.raises(ValidationError, match=says):
        make_settings("sqlite://", "http://127.0.0.1:9", **(whole | changes))
