"""Have another program count the segments of made-up texts, and write its counts down for the tests.

    .venv/bin/python -m scripts.segments_golden

The other program is the package sms-segments-calculator of the npm registry, in the version below. It is fetched into
a folder that is removed again, and is used for this alone: the tests read tests/services_catalog/segments_golden.json.
It needs Node.js and npm, and a network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.made_up_texts import digest, made_up_texts

PACKAGE = "sms-segments-calculator"
VERSION = "1.3.0"
GOLDEN = Path(__file__).parents[1] / "tests" / "services_catalog" / "segments_golden.json"
COUNT = f"""
const {{ SegmentedMessage }} = require("{PACKAGE}");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => {{
  const counted = new SegmentedMessage(text);
  return [counted.encodingName === "UCS-2" ? 1 : 0, counted.segmentsCount];
}})));
"""


def main() -> int:
    """Write the golden file."""
    texts = made_up_texts()
    with tempfile.TemporaryDirectory() as folder:
        fetch = ["npm", "install", "--silent", "--ignore-scripts", f"{PACKAGE}@{VERSION}"]
        subprocess.run(fetch, cwd=folder, check=True, timeout=120)
        counted = subprocess.run(
            ["node", "-e", COUNT],
            cwd=folder,
            check=True,
            timeout=120,
            input=json.dumps(texts),
            capture_output=True,
            text=True,
        )
    counts = json.loads(counted.stdout)
    ucs2 = "".join(str(is_ucs2) for is_ucs2, _ in counts)
    golden = {
        "counted_by": f"{PACKAGE} {VERSION}",
        "texts": digest(texts),
        # One letter a text: 1 where the whole of it is sent as UCS-2.
        "ucs2": ucs2,
        "segments": [segments for _, segments in counts],
    }
    lines = ",\n".join(
        f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in golden.items()
    )
    GOLDEN.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{len(counts)} texts counted by {golden['counted_by']}: {GOLDEN.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
