"""Train the assistant into bot/models/ask311.tar.gz: `make train`. Takes about a minute."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "bot" / "models" / "ask311.tar.gz"
LOG = ROOT / "var" / "log" / "train.log"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_CACHE_DIRECTORY": "var/rasa-cache",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
}


def main() -> int:
    """Train; say where the model is, or where the log says why there is none."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    command = [
        ROOT / "bot" / ".venv" / "bin" / "rasa", "train", "--config", "bot/config.yml", "--domain", "bot/domain",
        "--data", "bot/data", "--out", "bot/models", "--fixed-model-name", "ask311", "--force",
    ]  # fmt: skip
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | QUIET, stdout=log, stderr=log, check=False
        )
    if done.returncode or not MODEL.is_file():
        print(f"Training failed: {LOG} says why.")
        return 1
    MODEL.touch()
    print(f"The assistant is trained: {MODEL.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
