"""Run every check and print {name: what went wrong, or null} as JSON, one line."""

from __future__ import annotations

import json
import sys
import traceback

from tests.bot.inside_rasa import calls, encoder, gateway, memory, moves, turns


def main() -> None:
    """Run them, module by module."""
    results: dict[str, str | None] = {}
    for module in (calls, turns, encoder, memory, gateway, moves):
        for name, check in list(vars(module).items()):
            if name.startswith("check_"):
                try:
                    check()
                    results[name] = None
                except Exception:
                    results[name] = traceback.format_exc()
    sys.stdout.write("RESULTS " + json.dumps(results) + "\n")


if __name__ == "__main__":
    main()
