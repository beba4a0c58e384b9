"""`python -m services_catalog.rehearse`: try a change of the catalogue in a process of its own.

What search needs takes memory and a processor for seconds, which a front door has for residents alone. A change comes as JSON on
standard input, {"save": [entries], "retire": [ids], "more": [messages]}; what would change goes as JSON to standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.encoder import Encoder, open_encoder
from services_catalog.model import entry_from_dict
from services_catalog.rehearsing import Rehearsing
from services_catalog.what_would_change import Changes, Question


def main() -> int:
    """Read a change, try it, write what it would do."""
    parser = argparse.ArgumentParser(prog="python -m services_catalog.rehearse")
    parser.add_argument("--city", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    asked = json.load(sys.stdin)
    engine = open_database(asked["database"])
    change = store.Change([entry_from_dict(e) for e in asked["save"]], asked["retire"])
    # Without kept vectors the encoder would read all wordings first, for a minute: it goes by words and letters then.
    has_vectors = (options.cache / f"vectors-{options.city}.npz").is_file()
    rehearsing = Rehearsing(
        engine,
        options.city,
        cache=options.cache,
        encoder=open_encoder if has_vectors else _none,
    )
    changes = rehearsing.what_would_change(change, [Question(text) for text in asked["more"]])
    titles = {e.id: e.title for e in store.load(engine, options.city).entries}
    titles |= {e.id: e.title for e in change.save}
    engine.dispose()
    json.dump(_told(changes, titles) | {"by_words_alone": not has_vectors}, sys.stdout)
    return 0


def _none() -> Encoder | None:
    return None


def _told(changes: Changes, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "asked": changes.asked,
        "differences": [
            {
                "text": one.question.text,
                "is_protected": one.question.is_protected,
                "verdict": one.verdict.value,
                "before": one.before.told(titles),
                "after": one.after.told(titles),
            }
            for one in changes.differences
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
