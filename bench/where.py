"""Locations: reading, resolving and the nearest places, on Toronto's tables and on half a million addresses.

Two processes of their own, with one thread, so that memory is that of the tables alone. Beside them stands the
simplest way to do it: the whole list of addresses compared with the message (rapidfuzz), and every place measured.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bench.figures import Promise, percentile
from bench.processes import megabytes
from services_catalog.places.addresses import AddressBook
from services_catalog.places.areas import Areas
from services_catalog.places.geocode import Ambiguous, Geocoder, Located
from services_catalog.places.model import Point
from services_catalog.places.nearest import NearestPlaces
from services_catalog.places.tables import Gazetteer, address_from, read_csv, read_gazetteer

CITY = "toronto"
TYPE = "library"
MADE_UP_ADDRESSES = 500_000
ROOT = Path(__file__).resolve().parents[1]
_LEADS = ("{}", "daycare near {}", "i live at {}", "{}, toronto", "what ward is {} in")


@dataclass(frozen=True)
class Where:
    """What was measured with one set of tables. Times in milliseconds but for those named otherwise."""

    addresses: int
    read_seconds: float  # the tables
    build_seconds: float  # the reader and everything that resolves
    megabytes: float  # that reading and building added
    p50: float  # locate, resolve and the nearest three
    p95: float
    resolved: float  # the share that came to a point or a choice of points
    naive_p50: float = 0.0
    naive_p95: float = 0.0


def where(questions: int, folder: Path, found: dict[str, Any]) -> list[Promise]:
    """Measure both sets of tables, print, and return what was promised."""
    real, large = _apart("real", questions, folder), _apart("large", questions, folder)
    found["where"] = [asdict(real), asdict(large)]
    names = ("addresses", "read s", "build s", "MB", "p50 ms", "p95 ms", "resolved", "naive p50", "naive p95")  # fmt: skip
    print("\n" + "".join(f"{name:>11}" for name in names))
    for w in (real, large):
        print(f"{w.addresses:11,}{w.read_seconds:11.2f}{w.build_seconds:11.2f}{w.megabytes:11.0f}{w.p50:11.2f}"
              f"{w.p95:11.2f}{w.resolved:11.1%}{w.naive_p50:11.1f}{w.naive_p95:11.1f}")  # fmt: skip
    return [
        Promise("locate, resolve, nearest p95", real.p95, 20.0, True, "ms",
                f"naive {real.naive_p95:.0f} ms"),
        Promise(f"the same, {large.addresses:,} addresses p95", large.p95, 25.0, True, "ms",
                f"naive {large.naive_p95:.0f} ms; {large.megabytes:.0f} MB"),
        Promise("building what reads and resolves", real.build_seconds, 3.0, True, "s"),
    ]  # fmt: skip


def _apart(which: str, questions: int, folder: Path) -> Where:
    done = subprocess.run(
        [sys.executable, "-m", "bench.where", which, str(questions), str(folder)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Where(**json.loads(done.stdout))


def measure(read: Callable[[], Gazetteer], questions: int, naive_questions: int) -> Where:
    """Read tables, build, and ask."""
    before = megabytes(os.getpid())
    started = time.perf_counter()
    gazetteer = read()
    read_seconds = time.perf_counter() - started
    started = time.perf_counter()
    geocoder = Geocoder(gazetteer, Areas(gazetteer))
    nearest = NearestPlaces(gazetteer)
    build_seconds = time.perf_counter() - started
    grown = megabytes(os.getpid()) - before
    kind = gazetteer.types.by_id[TYPE]

    def ask(text: str) -> bool:
        found = geocoder.locate(text)
        if isinstance(found, Located):
            nearest.near(kind, found.point)
        return isinstance(found, Located | Ambiguous)

    texts = list(phrases(gazetteer, questions))
    for text in phrases(gazetteer, 20, seed=1):
        ask(text)
    times, hits = [], 0
    for text in texts:
        started = time.perf_counter()
        hits += ask(text)
        times.append(1000 * (time.perf_counter() - started))
    naive = _naive(gazetteer, texts[:naive_questions])
    return Where(
        len(gazetteer.addresses), read_seconds, build_seconds, grown,
        percentile(times, 0.5), percentile(times, 0.95), hits / len(texts),
        percentile(naive, 0.5), percentile(naive, 0.95),
    )  # fmt: skip


def phrases(gazetteer: Gazetteer, many: int, seed: int = 311) -> Iterator[str]:
    """Yield addresses and corners of the tables as people write them; a third with a letter too few."""
    draw = random.Random(seed)
    streets = list(gazetteer.addresses)
    for n in range(many):
        if n % 3 == 2:
            corner = draw.choice(gazetteer.intersections)
            said = f"{corner.street_a} and {corner.street_b}".lower()
        else:
            street = draw.choice(streets)
            on = gazetteer.addresses.on(street)
            said = f"{draw.choice(on.written) if on else 1} {street.lower()}"
        if n % 3 == 1:
            at = draw.randrange(len(said) // 2, len(said) - 1)
            said = said[:at] + said[at + 1 :]
        yield draw.choice(_LEADS).format(said)


def _naive(gazetteer: Gazetteer, texts: Sequence[str]) -> list[float]:
    """Return the milliseconds of the simplest way: compare with every address, measure every place."""
    points: list[Point] = []
    written: list[str] = []
    for street, on in gazetteer.addresses.by_street.items():
        for n, number in enumerate(on.written):
            written.append(f"{number} {street}".lower())
            points.append(on.point(n))
    places = [p for p in gazetteer.places if p.type == TYPE]
    times = []
    for text in texts:
        started = time.perf_counter()
        _, _, at = process.extractOne(text, written, scorer=fuzz.WRatio)
        sorted(places, key=lambda p: p.point.metres_to(points[at]))[:3]
        times.append(1000 * (time.perf_counter() - started))
    return times


def write_large(file: Path) -> None:
    """Write half a million made-up addresses: Toronto's streets, and as many again that are invented."""
    draw = random.Random(311)
    gazetteer = read_gazetteer(CITY)
    streets = [s.full for s in gazetteer.streets]
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["street", "number", "latitude", "longitude", "postal_code", "precision"])
        for n in range(MADE_UP_ADDRESSES):
            if n % 70 == 0:  # the next street: a line of seventy houses
                street = streets[(n // 70) % len(streets)]
                lat, long = draw.uniform(43.6, 43.84), draw.uniform(-79.6, -79.15)
                number = draw.randrange(1, 3000)
            number += 2
            long += 0.0001
            rows.writerow([street, number, f"{lat:.6f}", f"{long:.6f}", "", "address"])


def read_large(file: Path) -> Gazetteer:
    """Read Toronto's tables with the made-up addresses in place of its own."""
    book = AddressBook(read_csv(file, address_from))
    return replace(read_gazetteer(CITY), addresses=book)


def main() -> int:
    """Measure one set of tables; print a line of JSON."""
    which, questions, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if which == "real":
        seen = measure(lambda: read_gazetteer(CITY), questions, min(questions, 100))
    else:
        file = folder / "addresses-500000.csv"
        if not file.is_file():
            write_large(file)
        seen = measure(lambda: read_large(file), questions, 5)
    sys.stdout.write(json.dumps(asdict(seen)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
