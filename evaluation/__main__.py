"""Ask the labelled questions through the whole line and report how well it answers: `make evaluate`.

`--check` also fails when a figure is beneath its floor in floors.json. `--url` asks a line that runs already.
`--faults FILE` writes down every message that went wrong, to learn from; never for the evaluation questions
while the search is being worked on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from evaluation.figures import (
    COVERED,
    Verdict,
    by_kind,
    figures,
    judge,
    precision,
    several_right,
    share,
)
from evaluation.floors import compare_with_floors, read_floors
from evaluation.line import Heard, ask_all, running_line
from evaluation.questions import (
    DANGER,
    DEVELOPMENT,
    EVALUATION,
    Kind,
    Question,
    misspelt,
    read_questions,
)


def main() -> int:
    """Ask, report, and with `--check` compare with the floors; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--url", help="address of a running line (default: start one)")
    parser.add_argument(
        "--development", action="store_true", help="ask the development questions"
    )
    parser.add_argument("--check", action="store_true", help="fail beneath a floor")
    parser.add_argument("--faults", type=Path, help="file for what went wrong")
    options = parser.parse_args()
    line = nullcontext(options.url) if options.url else running_line()
    with line as url:
        found = _ask_questions(
            url, DEVELOPMENT if options.development else EVALUATION, options.faults
        )
        if not options.development:
            found |= _ask_danger(url)
    return compare_with_floors(found, read_floors()) if options.check else 0


def _ask_questions(url: str, file: Path, faults: Path | None) -> dict[str, float]:
    questions = read_questions(file)
    heard = ask_all(url, [q.text for q in questions])
    verdicts = [judge(q, h) for q, h in zip(questions, heard, strict=True)]
    print(f"{len(questions)} labelled messages ({file.name})\n")
    _print_kinds(verdicts, heard)
    found = figures(verdicts)
    covered = [q for q in questions if q.kind in COVERED]
    again = misspelt(covered)
    worse = [
        judge(q, h) for q, h in zip(again, ask_all(url, [q.text for q in again]), strict=True)
    ]
    plain = found["covered questions answered directly and rightly"]
    spelt = share(sum(v.is_right for v in worse), len(worse))
    found["lost when a tenth of the words is misspelt"] = plain - spelt
    found["confident answers right when misspelt"] = precision(worse)
    print()
    for name, value in found.items():
        print(f"{value:7.1%}  {name}")
    if faults:
        lines = [
            _fault(v)
            for v in verdicts
            if not v.is_right and v.question.kind is not Kind.CHIT_CHAT
        ]
        faults.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


def _print_kinds(verdicts: Sequence[Verdict], heard: Sequence[Heard]) -> None:
    print(f"{'kind':12} {'asked':>5} {'answered':>9} {'right of answered':>18} "
          f"{'answered rightly':>17} {'right or offered':>17} {'choices':>8} {'not found':>10}")  # fmt: skip
    for kind, group in by_kind(verdicts).items():
        number = len(group)
        cells = (
            share(sum(v.answered > 0 for v in group), number),
            precision(group),
            share(sum(v.is_right for v in group), number),
            share(sum(v.right_offered for v in group), number),
            share(sum(v.choices for v in group), number),
            share(sum(v.not_found for v in group), number),
        )
        widths = (9, 18, 17, 17, 8, 10)
        shown = " ".join(f"{c:{w}.1%}" for c, w in zip(cells, widths, strict=True))
        print(f"{kind.value:12} {number:5} {shown}")
    pairs = [
        (v, h) for v, h in zip(verdicts, heard, strict=True) if v.question.kind is Kind.SEVERAL
    ]
    matters = sum(len(v.question.expect) for v, _ in pairs)
    taken = sum(several_right(v, h) for v, h in pairs)
    print(
        f"\nOf {matters} matters in {len(pairs)} messages with several, {taken} were answered or offered."
    )


def _ask_danger(url: str) -> dict[str, float]:
    lines = [json.loads(line) for line in DANGER.read_text(encoding="utf-8").splitlines()]
    heard = ask_all(url, [line["text"] for line in lines])
    danger = [h.safety for h, line in zip(heard, lines, strict=True) if line["danger"]]
    calm = [h.safety for h, line in zip(heard, lines, strict=True) if not line["danger"]]
    found = {
        "danger recognised": share(sum(danger), len(danger)),
        "false alarms on ordinary messages": share(sum(calm), len(calm)),
    }
    print(f"\n{len(danger)} messages of danger, {len(calm)} ordinary ones with the same words")
    for name, value in found.items():
        print(f"{value:7.1%}  {name}")
    return found


def _fault(verdict: Verdict) -> str:
    question: Question = verdict.question
    wanted = " / ".join("|".join(sorted(m)) for m in question.expect) or "-"
    wrong = "WRONG" if verdict.answered > verdict.answered_right else "     "
    return f"{wrong} {question.kind.value:11} {question.text!r}  wanted {wanted}  said {verdict.said}"


if __name__ == "__main__":
    sys.exit(main())
