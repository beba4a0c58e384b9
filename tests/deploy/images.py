"""What an image of ours would hold, read from its Dockerfile and .dockerignore; no Docker is needed."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
DOCKERFILES = {
    "ask311-services": ROOT / "deploy" / "images" / "services.Dockerfile",
    "ask311-rasa": ROOT / "deploy" / "images" / "rasa.Dockerfile",
}
# Where images have the project (WORKDIR).
HOME = "/srv/ask311"


@dataclass(frozen=True)
class Instruction:
    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.rest)


@dataclass
class Stage:
    """One FROM and what follows it."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[Instruction]:
        return [i for i in self.instructions if i.word == word]

    def environment(self) -> dict[str, str]:
        return dict(w.split("=", 1) for i in self.all("ENV") for w in i.words)

    def copies(self) -> list[tuple[list[str], str]]:
        """Return (sources, destination) of what comes from the project's folder."""
        found = []
        for instruction in self.all("COPY"):
            if not instruction.words[0].startswith("--from="):
                *sources, destination = instruction.words
                found.append((sources, destination))
        return found


def stages(dockerfile: Path) -> list[Stage]:
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if not line.strip():
            continue
        word, rest = line.strip().split(maxsplit=1)
        if word == "FROM":
            base, *as_name = rest.split()
            found.append(Stage(base, as_name[-1] if as_name else ""))
        else:
            found[-1].instructions.append(Instruction(word, rest))
    return found


def is_sent(path: str) -> bool:
    """Say whether .dockerignore lets a file of the project through to a build: the last line that fits decides."""
    parts = PurePosixPath(path).parts
    beginnings = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        keeps = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        either = (pattern, pattern.removeprefix("**/"))
        if any(_fits(b, p) for b in beginnings for p in either):
            sent = keeps
    return sent


def _fits(path: str, pattern: str) -> bool:
    # A star stands for no more than one name; "**/" before it, for any folders.
    if pattern.startswith("**/"):
        return fnmatch(PurePosixPath(path).name, pattern.removeprefix("**/"))
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def lay_out(dockerfile: Path, into: Path) -> None:
    """Copy into a folder what the image's last stage has of the project, not what an earlier stage made."""
    for sources, destination in stages(dockerfile)[-1].copies():
        for source in sources:
            whole = ROOT / source
            for file in _sent_of(whole):
                inside = file.relative_to(whole) if whole.is_dir() else Path(whole.name)
                target = into / destination / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


def _sent_of(path: Path) -> Iterator[Path]:
    if not is_sent(path.relative_to(ROOT).as_posix()):
        return
    if path.is_file():
        yield path
    else:
        for below in path.iterdir():
            yield from _sent_of(below)
