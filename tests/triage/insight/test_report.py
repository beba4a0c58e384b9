"""The report over a real database, from the command: figures that can be counted by hand, and nobody's facts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree
from sqlalchemy import insert

from services_catalog.database import open_database
from services_catalog.packs import read_entries
from tests.triage.cases.desk import import_entries
from tests.triage.insight.made import DAY, opened, talk
from triage.cases.tables import case_events
from triage.cli import main
from triage.conversations.tables import feedback, unanswered_questions
from triage.handover.tables import handovers
from triage.migrations import migrate

PERIOD = ["--from", "2026-11-01", "--to", "2026-11-30"]


@pytest.fixture
def database(any_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    engine = open_database(any_database_url)
    migrate(engine)
    import_entries(any_database_url, [e for e in read_entries("toronto") if e.id == "pothole"])
    with engine.begin() as c:
        for n in range(7):
            talk(c, f"answered{n}", "small_talk", "not_found", "answer")
        talk(c, "texted", "answer", channel="sms")
        talk(c, "unanswered", "answer", "not_found")
        c.execute(
            insert(unanswered_questions).values(
                message_id="unanswered-1", conversation_id="unanswered", outcome="not_found",
                matches=[{"service_id": "pothole", "confidence": 0.2}], asked_at=DAY,
            )
        )  # fmt: skip
        for n in range(4):
            c.execute(
                insert(feedback).values(
                    message_id=f"answered{n}-4", conversation_id=f"answered{n}", helpful=n > 0, at=DAY,
                )
            )  # fmt: skip
        talk(c, "person", "handoff")
        c.execute(
            insert(handovers).values(
                id="h1", conversation_id="person", reason="asked", asked_at=DAY,
                first_taken_at=DAY + timedelta(seconds=90), seen_seq=1, ended_at=DAY, ended_how="close",
            )
        )  # fmt: skip
        talk(c, "report", "intake", "case_opened")
        opened(
            c,
            "001",
            "report",
            due_at=DAY + timedelta(days=2),
            resolved_at=DAY + timedelta(days=1),
        )
        c.execute(
            insert(case_events).values(
                case_id="001",
                seq=1,
                kind="reopen",
                audience="resident",
                actor="resident",
                data={},
                at=DAY,
            )
        )
        talk(c, "hello", "small_talk")
        talk(c, "before", "answer", at=DAY - timedelta(days=30))
        # The last minute of the last day, in the city's own time.
        talk(c, "last", "answer", at=datetime(2026, 12, 1, 4, 59, tzinfo=UTC))
        talk(c, "after", "answer", at=datetime(2026, 12, 1, 5, 0, tzinfo=UTC))
    engine.dispose()
    for name, value in {
        "DATABASE_URL": any_database_url, "GATEWAY_SECRET": "s" * 16, "API_SECRET": "t" * 16,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ASK311_{name}", value)
    return any_database_url


def written(tmp_path: Path, *more: str) -> tuple[str, dict[tuple[str, str], str]]:
    assert main(["report", *PERIOD, "--out", str(tmp_path), *more]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO((tmp_path / "figures.csv").read_text(encoding="utf-8")))
    return page, {(row["section"], row["name"]): row["value"] for row in rows}


def test_the_figures_are_those_that_one_counts_by_hand(database: str, tmp_path: Path) -> None:
    page, told = written(tmp_path)
    short = "In short"
    assert told[short, "Contacts"] == "13"
    assert told[short, "Of those that were for something: for information"].startswith(
        "91.7% (11 of 12;"
    )
    assert told[short, "Information contacts answered without a person"].startswith(
        "81.8% (9 of 11;"
    )
    helpful = "Answers that residents called helpful, of those they judged"
    assert told[short, helpful].startswith("75.0% (3 of 4;")
    became = "What became of the contacts"
    assert told[became, "Answered by the assistant"] == "9 / 69.2%"
    assert told[became, "Not answered"] == "1 / 7.7%"
    assert told["Contacts by channel", "Text message"] == "1 / 7.7%"
    assert told["Contacts by hour", "10:00"] == "12"
    assert told["Contacts by hour", "23:00"] == "1"
    assert told["Waiting for a person", "Half waited no longer than"] == "1 min 30 s"
    assert told["Promises", "Done by the promised day, of those due"].startswith(
        "100.0% (1 of 1"
    )
    assert told[
        "Promises", "Opened in the period and done, then said not to be fixed"
    ].startswith("100.0% (1 of 1")
    assert told["What could not be answered", "Pothole or damaged road"] == "1 / 100.0%"
    assert told["What was asked most", "Pothole or damaged road"] == "10 / 100.0%"
    assert "Cost" not in {section for section, _ in told}
    assert page.count("<svg") == page.count("<table") - 2


def test_nobodys_facts_are_in_the_report(database: str, tmp_path: Path) -> None:
    page, _ = written(tmp_path)
    table = (tmp_path / "figures.csv").read_text(encoding="utf-8")
    for text in (page, table):
        for secret in ("416-555-0123", "green bin", "AAA-BBB", "answered0"):
            assert secret not in text


def test_the_page_is_one_file_that_needs_nothing_else(database: str, tmp_path: Path) -> None:
    page, _ = written(tmp_path)
    assert "<script" not in page
    assert "src=" not in page
    for drawing in page.split("<svg")[1:]:
        root = ElementTree.fromstring("<svg" + drawing.split("</svg>")[0] + "</svg>")
        assert root.get("aria-hidden") == "true"


def test_answers_drawn_by_lot_are_judged_by_people_and_counted(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample-answers", *PERIOD, "--number", "5"]) == 0
    drawn = capsys.readouterr().out
    assert main(["sample-answers", *PERIOD, "--number", "5"]) == 0
    assert capsys.readouterr().out == drawn
    rows = list(csv.DictReader(io.StringIO(drawn)))
    assert len(rows) == 5
    assert {row["question"] for row in rows} == {
        "my number is [phone] and where is my green bin"
    }
    judged = tmp_path / "judged.csv"
    with judged.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row, right in zip(rows, ["yes", "Yes ", "no", "yes", ""], strict=True):
            writer.writerow(row | {"right": right})
    _, told = written(tmp_path, "--judged", str(judged))
    assert told["In short", "Answers that were judged, and found right"].startswith(
        "75.0% (3 of 4;"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("message_id\nx\n", "no column 'right'"),
        ("right\nperhaps\n", "line 2: 'right' is 'perhaps'"),
    ],
)
def test_a_judgement_that_cannot_be_read_is_said_and_nothing_is_written(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    judged = tmp_path / "judged.csv"
    judged.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    command = ["report", *PERIOD, "--out", str(out), "--judged", str(judged)]
    assert main(command) == 1
    assert says in capsys.readouterr().err
    assert not out.exists()


def test_costs_are_said_to_be_assumptions(database: str, tmp_path: Path) -> None:
    page, told = written(tmp_path, "--cost-of-call", "7.50", "--cost-of-answer", "0.25")
    assert told["Cost", "Assumed: a contact handled by a person"] == "$7.50"
    assert told["Cost", "The same contacts handled by people would cost more by"] == "$65.25"
    assert "Both costs are assumptions" in page


def test_a_period_without_contacts_says_so(database: str, tmp_path: Path) -> None:
    command = ["report", "--from", "2020-01-01", "--to", "2020-01-31", "--out", str(tmp_path)]
    assert main(command) == 0
    assert "Nobody wrote to the line" in (tmp_path / "report.html").read_text(encoding="utf-8")
