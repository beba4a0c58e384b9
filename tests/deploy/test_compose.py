"""docker-compose.yml: valid, without secrets, each part closed in as far as it can be."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

import actions.settings
from tests.deploy.compose import FILE, SECRETS, Missing, compose, services, written
from tests.deploy.images import DOCKERFILES, ROOT
from tests.deploy.layout import (
    CALLS_OUT,
    EVERYWHERE,
    PORTS,
    SPEAKS,
    documented_variables,
    variables_of_actions,
    variables_of_triage,
)
from tests.deploy.probes import answers_to
from triage import cli
from triage.settings import Settings

NAMES = ("db", "catalogue", "triage", "worker", "actions", "rasa", "rasa-2")
# It ends by itself; what depends on it waits for that.
ONE_SHOT = "catalogue"
every_service = pytest.mark.parametrize("name", NAMES)


def kind(name: str) -> str:
    return "rasa" if name == "rasa-2" else name


def test_it_is_what_the_published_schema_asks_for() -> None:
    published = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(published.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(compose())] == []
    # The schema does say no: or this would show nothing.
    assert list(validator.iter_errors({"services": {"x": {"image": ["not", "a", "name"]}}}))


def test_what_may_wait_comes_after_the_front_door_and_the_database() -> None:
    shares = {name: service.get("cpu_shares", 1024) for name, service in services().items()}
    first = min(shares["triage"], shares["db"])
    assert all(8 * shares[name] <= first for name in ("worker", "actions", "rasa", "rasa-2"))


def test_every_service_is_listed() -> None:
    assert tuple(services()) == NAMES


@pytest.mark.parametrize("name", SECRETS)
def test_without_a_secret_nothing_starts(name: str) -> None:
    with pytest.raises(Missing, match=name):
        compose({k: v for k, v in SECRETS.items() if k != name})
    with pytest.raises(Missing, match=name):
        compose(SECRETS | {name: ""})


def test_no_secret_is_written_in_it() -> None:
    for name, service in written()["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|TOKEN|KEY", variable):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), f"{name}: {variable}"
    assert (
        "password"
        not in urlsplit(services()["triage"]["environment"]["ASK311_DATABASE_URL"]).netloc
    )
    assert (
        ":" not in urlsplit(services()["triage"]["environment"]["ASK311_DATABASE_URL"]).netloc
    )


def test_the_script_makes_the_secrets_that_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    make = [sys.executable, ROOT / "scripts" / "make_env.py", "--to", file]
    subprocess.run(make, check=True, capture_output=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    made = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert made.keys() == SECRETS.keys()
    assert len(set(made.values())) == len(made)
    Settings(
        **{
            k.removeprefix("ASK311_").lower(): v
            for k, v in made.items()
            if k.startswith("ASK311_")
        }
    )
    # Once there are any, they stay.
    again = subprocess.run(make, capture_output=True, check=False)
    assert again.returncode == 1
    assert dict(line.split("=", 1) for line in file.read_text().splitlines()) == made


@every_service
def test_a_service_is_closed_in(name: str) -> None:
    service = services()[name]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"]["memory"]
    assert (
        not {"privileged", "network_mode", "pid", "ipc", "devices", "cap_add"} & service.keys()
    )
    assert all(":" in v and not v.startswith(("/", ".")) for v in service.get("volumes", []))


@every_service
def test_images_are_pinned(name: str) -> None:
    image, version = services()[name]["image"].split(":")
    assert re.match(r"\d+\.\d+", version)
    assert image in DOCKERFILES or name == "db"


def test_each_image_of_ours_is_built_once() -> None:
    # Two services that build one image get in each other's way.
    built = {
        s["image"].split(":")[0]: s["build"]["dockerfile"]
        for s in services().values()
        if "build" in s
    }
    assert built == {k: v.relative_to(ROOT).as_posix() for k, v in DOCKERFILES.items()}
    assert sum("build" in s for s in services().values()) == len(DOCKERFILES)


@every_service
def test_a_service_runs_as_the_user_of_its_image(name: str) -> None:
    if name != "db":
        assert services()[name]["user"] == "10311:10311"
        image = services()[name]["image"].split(":")[0]
        assert "USER 10311:10311" in DOCKERFILES[image].read_text(encoding="utf-8")


@every_service
def test_a_service_has_a_health_check_that_asks_where_it_answers(name: str) -> None:
    check = services()[name]["healthcheck"]
    if name == ONE_SHOT:
        assert check == {"disable": True}
        waits = services()["actions"]["depends_on"][ONE_SHOT]["condition"]
        assert waits == "service_completed_successfully"
        return
    assert {"test", "interval", "timeout", "retries", "start_period"} <= check.keys()
    if name == "db":
        assert check["test"] == ["CMD", "pg_isready", "-U", "ask311", "-d", "ask311"]
        return
    [address] = re.findall(r"http://127\.0\.0\.1:\S+(?=',)", check["test"][-1])
    asked = urlsplit(address)
    assert asked.port == PORTS[kind(name)]
    assert answers_to(kind(name), asked.path)


def test_residents_come_in_by_the_front_door_alone() -> None:
    published = {name: s["ports"] for name, s in services().items() if "ports" in s}
    assert published == {"triage": ["127.0.0.1:8000:8000"]}
    assert not [name for name, s in services().items() if "expose" in s]


def test_networks_let_through_what_is_needed_and_keep_the_rest_inside() -> None:
    networks = compose()["networks"]
    internal = {name for name, n in networks.items() if (n or {}).get("internal")}
    of = {name: set(s["networks"]) for name, s in services().items()}
    for one, other in product(NAMES, NAMES):
        if (kind(one), kind(other)) in SPEAKS:
            assert of[one] & of[other] & internal, f"{one} cannot reach {other}"
    for name in ("db", "catalogue", "actions", "rasa", "rasa-2"):
        assert of[name] <= internal, name
    assert {n for n in NAMES if of[n] - internal} == CALLS_OUT | {"triage"}
    assert not of["rasa"] & of["db"]
    # A front door and a worker share no way out: the front door's is for who comes in.
    assert not of["triage"] & of["worker"] - internal


@every_service
def test_what_a_service_is_given_is_read_by_it(name: str) -> None:
    given = set(services()[name].get("environment", {}))
    allowed = {
        "db": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"},
        "actions": variables_of_actions() | {"PGPASSWORD"},
        "rasa": {"ASK311_GATEWAY_SECRET", "ASK311_ACTIONS_URL"},
    }.get(kind(name), variables_of_triage() | {"PGPASSWORD"})
    assert given <= allowed
    if name != "db":
        assert given <= documented_variables()


def test_no_service_has_a_secret_that_it_does_not_need() -> None:
    holders = {
        secret: {name for name, s in services().items() if value in s["environment"].values()}
        for secret, value in SECRETS.items()
    }
    assert holders == {
        "POSTGRES_PASSWORD": {"db", "catalogue", "triage", "worker", "actions"},
        "ASK311_GATEWAY_SECRET": {"catalogue", "triage", "worker", "rasa", "rasa-2"},
        "ASK311_API_SECRET": {"catalogue", "triage", "worker", "actions"},
    }


def test_the_settings_that_it_gives_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    read = {}
    for name in ("triage", "worker"):
        with monkeypatch.context() as environment:
            for variable, value in services()[name]["environment"].items():
                environment.setenv(variable, value)
            read[name] = Settings()
    assert not read["triage"].jobs
    assert read["triage"].rasa_urls == read["worker"].rasa_urls
    for variable, value in services()["actions"]["environment"].items():
        monkeypatch.setenv(variable, value)
    at = actions.settings.Settings()
    assert (at.host, at.port) == (EVERYWHERE, PORTS["actions"])


@pytest.mark.parametrize("name", ["triage", "worker"])
def test_its_commands_are_ours(name: str) -> None:
    python, _, module, *command = services()[name]["command"]
    assert (python, module) == ("python", "triage")
    options = cli.parsed(command)
    assert (options.host, options.port) == (EVERYWHERE, PORTS[name])
    assert command[0] == {"triage": "serve"}.get(name, name)


def test_addresses_name_a_service_and_the_port_that_it_listens_on() -> None:
    checked = 0
    for name, service in services().items():
        for value in service.get("environment", {}).values():
            for host, port in re.findall(r"http://([\w-]+):(\d+)", value):
                assert host in NAMES
                assert int(port) == PORTS[kind(host)]
                assert (kind(name), kind(host)) in SPEAKS
                checked += 1
    assert checked == 8


def test_what_is_kept_is_on_a_volume() -> None:
    kept: dict[str, Any] = {
        name: {v.rsplit(":", 1)[1]: v.split(":")[0] for v in s.get("volumes", [])}
        for name, s in services().items()
    }
    assert kept["db"] == {"/var/lib/postgresql/data": "database"}
    assert kept["triage"] == kept["worker"] == {"/srv/media": "media"}
    assert kept["actions"] == kept["catalogue"] == {"/srv/search": "search"}
    assert set(compose()["volumes"]) == {"database", "media", "search"}


def test_the_file_is_readable_by_somebody_new() -> None:
    assert max(len(line) for line in FILE.read_text(encoding="utf-8").splitlines()) <= 130
