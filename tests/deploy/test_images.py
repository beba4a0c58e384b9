"""Images: pinned, not root, nothing secret inside, and with all that their commands need."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.images import DOCKERFILES, HOME, ROOT, is_sent, lay_out, stages
from tests.deploy.layout import EVERYWHERE, documented_variables
from triage import cli

every_image = pytest.mark.parametrize("image", DOCKERFILES)
# A name, a version to the last figure, and the system's release.
PINNED = re.compile(r"[a-z]+:\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?")
# Variables of Python, of libraries and of the system, which are nobody's setting.
OF_OTHERS = {
    "PATH", "HOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "MPLCONFIGDIR",
    "TF_CPP_MIN_LOG_LEVEL",
}  # fmt: skip


@every_image
def test_bases_are_pinned_to_the_last_figure_of_their_version(image: str) -> None:
    for stage in stages(DOCKERFILES[image]):
        assert PINNED.fullmatch(stage.base), stage.base


def test_the_bases_have_the_pythons_of_the_project() -> None:
    wanted = (ROOT / ".python-version").read_text(encoding="utf-8").split()
    found = [
        re.findall(r"python:(\d+\.\d+)", stage.base)
        for file in DOCKERFILES.values()
        for stage in stages(file)
    ]
    assert found == [[version] for version in wanted for _ in range(2)]


@every_image
def test_an_image_runs_as_a_user_with_a_number_who_is_not_root(image: str) -> None:
    last = stages(DOCKERFILES[image])[-1]
    users = last.all("USER")
    assert users
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", users[-1].rest)
    # Nothing is done as somebody else after that.
    assert not [
        i for i in last.instructions[last.instructions.index(users[-1]) :] if i.word == "RUN"
    ]


@every_image
def test_packages_come_by_the_locked_hashes_alone(image: str) -> None:
    text = DOCKERFILES[image].read_text(encoding="utf-8")
    installs = [
        i.rest
        for stage in stages(DOCKERFILES[image])
        for i in stage.all("RUN")
        if "pip install" in i.rest
    ]
    assert installs
    assert all("--require-hashes" in i for i in installs)
    assert not re.search(r"://|\b(curl|wget|ADD|apt-get)\b", text)


@every_image
def test_nothing_secret_is_in_an_image(image: str) -> None:
    for stage in stages(DOCKERFILES[image]):
        given = {*stage.environment(), *(i.rest.split("=")[0] for i in stage.all("ARG"))}
        assert not [n for n in given if re.search(r"SECRET|PASSWORD|TOKEN|KEY", n)]


@every_image
def test_what_an_image_sets_is_documented(image: str) -> None:
    for stage in stages(DOCKERFILES[image]):
        assert set(stage.environment()) - OF_OTHERS <= documented_variables()


@every_image
def test_what_is_copied_is_there_and_is_sent_to_the_build(image: str) -> None:
    for stage in stages(DOCKERFILES[image]):
        for sources, _ in stage.copies():
            for source in sources:
                assert (ROOT / source).exists(), source
                assert is_sent(source), source


@pytest.mark.parametrize(
    "path",
    [
        ".env", "line.env", "var/ask311.db", "var/gateway-secret", ".git/config", "bot/.venv/bin/python",
        "bot/models/ask311.tar.gz", "triage/__pycache__/app.pyc", "tests/deploy/images.py",
        "evaluation/questions/development.jsonl", "requirements/dev.txt",
    ],
)  # fmt: skip
def test_state_and_secrets_are_not_sent_to_a_build(path: str) -> None:
    assert not is_sent(path)


def test_secrets_of_a_deployment_are_not_committed() -> None:
    for name in (".env", "line.env"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert ignored.returncode == 0, name


def test_the_services_image_has_all_that_its_commands_need(tmp_path: Path) -> None:
    lay_out(DOCKERFILES["ask311-services"], tmp_path)
    for folder in ("actions", "services_catalog", "triage"):
        tracked = subprocess.run(
            ["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert all((tmp_path / file).is_file() for file in tracked.stdout.splitlines()), folder
    # What each process imports when it starts, and what lies beside the code.
    everything = """
import actions.wiring, services_catalog.cli, triage.cli
from services_catalog.encoder import open_encoder
from triage.danger_model import load_danger_model

load_danger_model(open_encoder())
"""
    done = subprocess.run(
        [sys.executable, "-c", everything],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_rasa_image_has_the_assistant_and_the_encoder(tmp_path: Path) -> None:
    lay_out(DOCKERFILES["ask311-rasa"], tmp_path)
    for path in (
        "bot/endpoints.yml",
        "bot/credentials.yml",
        "bot/channels/gateway.py",
        "services_catalog/encoder/model.onnx",
        "services_catalog/encoder/tokenizer.json",
    ):
        assert (tmp_path / path).is_file()
    # The model is made in the first stage, from the same sources, and taken over from there.
    first, last = stages(DOCKERFILES["ask311-rasa"])
    assert first.copies()[1:] == last.copies()[1:]
    model = "bot/models/ask311.tar.gz"
    assert f"--from={first.name} {HOME}/{model} {model}" in [i.rest for i in last.all("COPY")]


@pytest.mark.parametrize("script", ["train", "run"])
def test_the_rasa_image_trains_and_runs_as_the_project_does(script: str) -> None:
    first, last = stages(DOCKERFILES["ask311-rasa"])
    text = (ROOT / "scripts" / f"{script}.py").read_text(encoding="utf-8")
    if script == "train":
        given = next(
            i.rest.split("rasa train ")[1] for i in first.all("RUN") if "rasa train" in i.rest
        ).split()
    else:
        given = json.loads(last.all("CMD")[0].rest)[2:]
    # The image's own model is put where it is read from; the script first tries a new one beside the one in use.
    model = Path(json.loads(last.all("CMD")[0].rest)[3])
    for word in given:
        if word not in (
            EVERYWHERE,
            "5005",
            str(model.parent),
            model.name.removesuffix(".tar.gz"),
        ):
            assert f'"{word}"' in text, word


def test_the_services_image_starts_the_front_door() -> None:
    command = json.loads(stages(DOCKERFILES["ask311-services"])[-1].all("CMD")[0].rest)
    assert command[:3] == ["python", "-m", "triage"]
    options = cli.parsed(command[3:])
    assert (options.host, options.port) == (EVERYWHERE, 8000)
