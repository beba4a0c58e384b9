"""The report of a period: a page to read and print, and its figures as CSV. Nobody's facts are in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from triage.insight import charts
from triage.insight.contacts import Became
from triage.insight.figures import BASIC_INFORMATION, Figures
from triage.insight.shares import Share

_BECAME = {
    Became.ANSWERED: "Answered by the assistant",
    Became.REPORT: "A report sent or joined",
    Became.PERSON: "A person wanted",
    Became.LEFT: "Left at a question",
    Became.NOT_ANSWERED: "Not answered",
    Became.SAFETY: "Danger told of, and nothing else",
    Became.NOTHING: "No matter (a greeting, a try)",
}
_CHANNELS = {"webchat": "Web chat", "sms": "Text message", "whatsapp": "WhatsApp"}
_REASONS = {
    "asked": "The resident asked",
    "not_found": "No answer, twice",
    "gave_up": "The assistant was away",
}
_SHOWN = 20


@dataclass(frozen=True)
class Costs:
    """What a contact is assumed to cost, in dollars. Assumptions of whoever has the report made, never measured here."""

    by_person: float
    by_line: float


@dataclass(frozen=True)
class Section:
    """A heading, what it means in a sentence, a table, and what draws a chart of it."""

    title: str
    says: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    draw: Callable[[], str] | None = None

    @property
    def name(self) -> str:
        """Its name in an address."""
        return self.title.lower().replace(" ", "-")

    @property
    def chart(self) -> str:
        """The chart; nothing where there is none."""
        return self.draw() if self.draw else ""


@dataclass(frozen=True)
class Report:
    """The report of a period, ready to be written."""

    city: str
    first: date
    last: date
    made_at: datetime
    sections: Sequence[Section]

    def html(self) -> str:
        """Return the page: one file, without scripts, that needs nothing else."""
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return environment.get_template("report.html").render(report=self)

    def csv(self) -> str:
        """Return all tables one below the other, each row with its section."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["section", "name", "value"])
        for section in self.sections:
            for name, *values in section.rows:
                writer.writerow([section.title, name, " / ".join(values)])
        return out.getvalue()


def report_of(
    figures: Figures,
    names: Mapping[str, str],
    *,
    city: str,
    first: date,
    last: date,
    made_at: datetime,
    judged: Share | None = None,
    costs: Costs | None = None,
) -> Report:
    """Return the report on these figures.

    Args:
        names: entries' titles by id.
        judged: of the answers that somebody judged, those found right.
    """
    sections = sections_of(figures, names, judged, costs)
    return Report(city, first, last, made_at, sections)


def sections_of(
    figures: Figures,
    names: Mapping[str, str],
    judged: Share | None = None,
    costs: Costs | None = None,
) -> list[Section]:
    """Return what there is to tell; nothing is drawn yet."""
    return [s for s in _sections(figures, names, judged, costs) if s.rows]


def _sections(
    figures: Figures,
    names: Mapping[str, str],
    judged: Share | None,
    costs: Costs | None,
) -> Iterator[Section]:
    yield _summary(figures, judged)
    yield _counted(
        "What became of the contacts",
        "Each conversation counts once, by what it came to in the end.",
        "What",
        [(_BECAME[kind], count) for kind, count in figures.became.items()],
    )
    yield _counted(
        "Contacts by channel",
        "Where residents wrote from.",
        "Channel",
        [(_CHANNELS.get(name, name), count) for name, count in figures.by_channel.items()],
    )
    if figures.contacts:
        yield Section(
            "Contacts by hour",
            "When residents began to write, in the city's own time.",
            ("Hour", "Contacts"),
            [(f"{hour}:00", str(count)) for hour, count in enumerate(figures.by_hour)],
            partial(charts.hours, tuple(figures.by_hour), "contacts"),
        )
    yield _counted(
        "Why a person was wanted",
        "Conversations that were put in line for a person.",
        "Reason",
        [(_REASONS.get(name, name), count) for name, count in figures.handovers.items()],
    )
    yield _waits(figures)
    yield _counted(
        "Reports by division",
        "Cases opened in the period.",
        "Division",
        list(figures.reports.items()),
    )
    yield _promises(figures)
    yield _counted(
        "What was asked most",
        f"Answers given, by service; the first {_SHOWN}.",
        "Service",
        [(names.get(id, id), count) for id, count in figures.answered[:_SHOWN]],
    )
    yield _counted(
        "What could not be answered",
        f"Questions without an answer, by the service that was nearest; the first {_SHOWN}. "
        "Near is not the same: these are where to look for what is missing.",
        "Nearest service",
        [
            (names.get(id, id) if id else "Nothing was near", count)
            for id, count in figures.unanswered[:_SHOWN]
        ],
    )
    if costs:
        yield _costs(figures, costs)


def _summary(figures: Figures, judged: Share | None) -> Section:
    rows = [
        ("Contacts", str(figures.contacts)),
        ("Of those that were for something: for information", str(figures.information)),
        ("Information contacts answered without a person", str(figures.without_person)),
    ]
    if figures.helped.whole:
        # Few say so, and those who do are not like the others.
        told = (
            "Answers that residents called helpful, of those they judged",
            str(figures.helped),
        )
        rows.append(told)
    if judged and judged.whole:
        rows.append(("Answers that were judged, and found right", str(judged)))
    value, interval = figures.without_person.value, figures.without_person.interval
    draw = None
    if value is not None and interval:
        label = "information contacts answered without a person, with 95 % interval"
        draw = partial(charts.share, value, *interval, BASIC_INFORMATION, label)
    return Section(
        "In short",
        "Seven in ten contacts of a city's line ask for basic information. This line was begun to answer them at once.",
        ("Figure", "Value"),
        rows if figures.contacts else (),
        draw,
    )


def _counted(title: str, says: str, of: str, counts: Sequence[tuple[str, int]]) -> Section:
    total = sum(count for _, count in counts)
    rows = [(name, f"{count:,}", f"{count / total:.1%}") for name, count in counts if count]
    drawn = tuple((n, c) for n, c in counts if c)
    draw = partial(charts.bars, drawn, title.lower()) if rows else None
    return Section(title, says, (of, "Number", "Share"), rows, draw)


def _waits(figures: Figures) -> Section:
    waits = figures.waits
    rows = [("Taken by a person", str(waits.count))]
    if waits.median is not None and waits.nine_in_ten is not None:
        rows += [
            ("Half waited no longer than", _told(waits.median)),
            ("Nine in ten waited no longer than", _told(waits.nine_in_ten)),
        ]
    return Section(
        "Waiting for a person",
        "From the wish until a person had the conversation, told to ten seconds.",
        ("Figure", "Value"),
        rows if figures.handovers else (),
    )


def _promises(figures: Figures) -> Section:
    promises = figures.promises
    rows = [
        ("Done by the promised day, of those due", str(promises.kept)),
        ("Past the promised day and not done", str(promises.still_open_late)),
        ("Opened in the period and done, then said not to be fixed", str(figures.reopened)),
        (
            "Opened in the period and done, and a resident said that it is fixed",
            str(figures.confirmed),
        ),
        ("Residents who joined a report instead of making another", str(figures.joined)),
    ]
    return Section(
        "Promises",
        "A promise counts when its day has come within the period.",
        ("Figure", "Value"),
        rows if figures.reports or figures.promises.kept.whole else (),
    )


def _costs(figures: Figures, costs: Costs) -> Section:
    answered = figures.without_person.part
    rows = [
        ("Assumed: a contact handled by a person", f"${costs.by_person:,.2f}"),
        ("Assumed: a contact answered by this line", f"${costs.by_line:,.2f}"),
        ("Information contacts answered without a person", f"{answered:,}"),
        (
            "The same contacts handled by people would cost more by",
            f"${answered * (costs.by_person - costs.by_line):,.2f}",
        ),
    ]
    return Section(
        "Cost",
        "Both costs are assumptions, given when this report was made. They are multiplied, nothing else.",
        ("Figure", "Value"),
        rows if figures.contacts else (),
    )


def _told(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
