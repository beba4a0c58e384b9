"""Train the assistant into bot/models/ask311.tar.gz: `make train [LABELS=FILE]`. Takes about a minute.

Approved labels are messages that were questions about services: they join the examples of the move `ask`, so that none of
them is taken for small talk. Which service they are about is the search's to learn (`make fit-search`).
What is trained is put in use unless it reads more of the protected talk (`bot/protected_moves.yml`) wrongly than the model in
use; that one is kept (`make rollback`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.labels import read_labels
from evaluation.promoting import KEPT, ROOT, THINGS, now, promote

LOG = ROOT / "var" / "log" / "train.log"
RASA = ROOT / "bot" / ".venv" / "bin"
CANDIDATE = "assistant-candidate"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_CACHE_DIRECTORY": "var/rasa-cache",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train; put the model in use, or say why not."""
    parser = argparse.ArgumentParser(prog="make train", description=__doc__)
    parser.add_argument("--labels", type=Path, help="a file of approved labels")
    options = parser.parse_args(arguments)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    data = [Path("bot/data")]
    try:
        texts = [q.text for q in read_labels(options.labels)]
    except (ValueError, OSError) as fault:
        print(f"{options.labels}: {fault}", file=sys.stderr)
        return 1
    if texts:
        data.append(KEPT / "approved.yml")
        data[-1].write_text(examples(texts), encoding="utf-8")
        print(f"{len(texts)} approved labels are among the examples of questions.")
    candidate = KEPT / f"{CANDIDATE}.tar.gz"
    candidate.unlink(missing_ok=True)
    is_trained = _train(data) and candidate.is_file()
    for words in data[1:]:
        words.unlink()  # residents' words, though redacted: they are kept where they are approved
    if not is_trained:
        print(f"Training failed: {LOG} says why.")
        return 1
    thing = THINGS["assistant"]
    if thing.file.is_file():
        wrong = _wrongly_read([thing.file, candidate])
        if wrong is None:
            print(f"The models could not be compared: {LOG} says why. The one in use stays.")
            return 1
        before, after = wrong
        print(
            f"Protected talk read wrongly: {len(before)} by the model in use, {len(after)} by the new one."
        )
        for text, action in after:
            print(f"  {text!r}: {action}")
        if len(after) > len(before):
            print(
                f"Not put in use: it reads more of it wrongly. It is in {candidate} to be looked at."
            )
            return 1
    former = promote(thing, candidate, now=now())
    print(f"The assistant is trained: {thing.file.relative_to(ROOT)}.")
    if former:
        print(f"{thing.next}\nBack to the former one: make rollback")
    return 0


def examples(texts: Sequence[str]) -> str:
    """Return training data of Rasa's in which these messages are questions; JSON is YAML, and quotes what needs it."""
    # A bracket would be read as the mark of an entity, and a line must be one example.
    plain = (
        " ".join(text.translate({ord(c): " " for c in "[]{}()"}).split()) for text in texts
    )
    lines = "".join(f"- {text}\n" for text in dict.fromkeys(plain) if text)
    return json.dumps({"version": "3.1", "nlu": [{"intent": "ask", "examples": lines}]})


def _train(data: Sequence[Path]) -> bool:
    command = [
        RASA / "rasa", "train", "--config", "bot/config.yml", "--domain", "bot/domain", "--data", *data,
        "--out", KEPT, "--fixed-model-name", CANDIDATE, "--force",
    ]  # fmt: skip
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | QUIET, stdout=log, stderr=log, check=False
        )
    return done.returncode == 0


def _wrongly_read(models: Sequence[Path]) -> list[list[tuple[str, str]]] | None:
    """Return what each model reads wrongly of the protected talk; None where they cannot be asked."""
    with LOG.open("a", encoding="utf-8") as log:
        done = subprocess.run(
            [RASA / "python", "-m", "bot.protected_talk", *models],
            cwd=ROOT, env=os.environ | QUIET, stdout=subprocess.PIPE, stderr=log, text=True, check=False,
        )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULTS ")]
    if done.returncode or not told:
        return None
    found = json.loads(told[-1].removeprefix("RESULTS "))
    return [found[str(model)] for model in models]


if __name__ == "__main__":
    sys.exit(main())
