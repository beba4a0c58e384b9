"""Write .env with the secrets that docker-compose.yml needs, each made by chance: `python3 scripts/make_env.py`.

Nothing that is there is overwritten: a new database password would lock the line out of its own database.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("POSTGRES_PASSWORD", "ASK311_GATEWAY_SECRET", "ASK311_API_SECRET")


def main() -> int:
    """Write the file, readable by its owner only; return 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / ".env", help="where to write it")
    file: Path = parser.parse_args().to
    lines = "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in NAMES)
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{file} is there already and stays as it is.", file=sys.stderr)
        return 1
    with os.fdopen(opened, "w", encoding="utf-8") as out:
        out.write(lines)
    print(
        f"{file} holds new secrets. Keep it safe, with the backups: they cannot be found out again."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
