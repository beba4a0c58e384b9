"""A maintainer's faults are explained in words, with the place and what to do."""

from typing import Any

import pytest

from services_catalog.checks import check_entries
from services_catalog.packs import PackError, read_entries, read_written
from services_catalog.transfer import check_pack


def sound(**changes: Any) -> dict[str, Any]:
    entry = {
        "id": "pothole",
        "kind": "information",
        "title": "Pothole",
        "division": "Roads",
        "summary": "Call us about a hole in the road. We look at it and fill it soon.",
        "sms": "Call 311 about a hole in the road.",
        "facts": [{"field": "what", "text": "A hole.", "source": "https://city.example/holes"}],
        "also_called": ["hole in the road"],
        "questions": [f"there is a hole number {n}" for n in range(10)],
        "source_url": "https://city.example/holes",
        "last_verified": "2026-11-01",
        "review_by": "2027-05-01",
        "owner": "Roads",
    }
    return {k: v for k, v in (entry | changes).items() if v is not None}


def faults_of(*entries: dict[str, Any]) -> list[str]:
    return [
        str(f)
        for f in check_entries([(f"roads.yaml, line {n}", e) for n, e in enumerate(entries, 1)])
    ]


def test_a_sound_entry_has_no_fault() -> None:
    assert faults_of(sound()) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": None}, "'title' is missing: add it."),
        ({"tittle": "Pothole"}, "'tittle' is not a name we know: is it misspelt?"),
        ({"questions": "when"}, "'questions' must be a list."),
        ({"also_called": [311]}, "'also_called' holds 311, not a text: put it in quotes."),
        ({"review_by": "next year"}, "'review_by' must be a date, written 2026-11-30."),
        ({"id": "Pot hole"}, "an id has small letters, digits and underscores only."),
        ({"kind": "service"}, "kind is 'service'; choose one of"),
        ({"title": "P" * 81}, "the title is 81 characters; 80 is the most."),
        ({"summary": "word " * 111}, "the summary has 111 words; 110 is the most."),
        ({"sms": "é" * 161 + "ê"}, "the text message has 'ê', which makes it cost double."),
        ({"sms": "a" * 307}, "the text message takes 3 segments; shorten it to two."),
        ({"sms": "Reply YES to go on."}, "'sms' asks for a word that carriers act on"),
        ({"facts": [{"field": "price", "text": "5"}]}, "field 'price' is none of"),
        ({"facts": [{"field": "cost"}]}, "fact 1 lacks its text."),
        ({"facts": [{"field": "cost", "text": "Free."}]}, "names no source: add one, or mark it"),
        ({"request": {"location": "none"}}, "has 10 example questions; write at least 20."),
        ({"questions": ["Hole", "hole"] + [f"q {n}" for n in range(9)]}, "has the example 'hole' 2 times."),
        ({"source_url": "city.example"}, "source_url must be a web address"),
        ({"kind": "referral"}, "a referral says whose job it is"),
        ({"related": ["sidewalk"]}, "names 'sidewalk', which is no entry of this pack."),
        ({"confused_with": [{"id": "pothole"}]}, "confused_with needs id, ask, this and other."),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(changes: dict[str, Any], says: str) -> None:
    (first, *_) = [f for f in faults_of(sound(**changes)) if "(remark)" not in f]
    assert first.startswith("roads.yaml, line 1: ")
    assert says in first


def test_two_entries_cannot_share_an_id_or_an_example() -> None:
    said = "\n".join(faults_of(sound(), sound()))
    assert "the id is used 2 times: ids are unique." in said
    other = sound(id="hole")
    assert "has the example 'there is a hole number 3' that pothole has too" in "\n".join(
        faults_of(sound(), other)
    )


def test_hard_language_is_a_remark_and_stops_nothing() -> None:
    hard = "Municipal infrastructure rehabilitation necessitates comprehensive departmental coordination."
    (remark,) = check_entries([("roads.yaml, line 1", sound(summary=hard))])
    assert not remark.stops
    assert "reads at school grade" in remark.says


def test_a_file_that_is_not_yaml_says_the_line(tmp_path) -> None:
    services = tmp_path / "nowhere" / "services"
    services.mkdir(parents=True)
    (services.parent / "city.yaml").write_text("name: Nowhere\n")
    (services / "roads.yaml").write_text('- id: pothole\n  title: "Hole: a\n')
    with pytest.raises(PackError, match=r"roads\.yaml, line \d+: this is not YAML"):
        read_written("nowhere", tmp_path)


def test_a_city_without_a_pack_is_told_which_there_are() -> None:
    with pytest.raises(
        PackError, match=r"There is no city pack named .atlantis.\. There are: .*toronto"
    ):
        read_entries("atlantis")


def test_torontos_pack_has_no_fault_and_every_entry() -> None:
    assert [str(f) for f in check_pack("toronto") if f.stops] == []
    entries = read_entries("toronto")
    assert len(entries) == 247
    assert all(len(e.questions) >= (20 if e.requestable else 10) for e in entries)


@pytest.mark.parametrize(
    ("id", "must_say", "must_not_say"),
    [
        # Traps found while the facts were gathered; the older statement is still on many pages.
        ("recycling_blue_bin", "1-888-921-2686", None),
        ("apartment_too_hot", "June", None),
        ("no_heat", "October 1", "September 15"),
        ("speed_camera", "2025", None),
        ("noise_power_tools", "8 a.m.", "7 a.m. on weekdays"),
        ("idling", "one minute", "three minutes"),
    ],
)
def test_what_changed_lately_is_told_as_it_is_now(
    id: str, must_say: str, must_not_say: str | None
) -> None:
    entry = {e.id: e for e in read_entries("toronto")}[id]
    said = " ".join([entry.summary, *(f.text for f in entry.facts)]).replace(
        "1 October", "October 1"
    )
    assert must_say in said
    assert must_not_say is None or must_not_say not in entry.summary


def test_no_text_for_residents_names_a_mayor_or_councillor() -> None:
    names = ("Olivia Chow", "John Tory", "Mayor Chow", "Mayor Tory")
    for entry in read_entries("toronto"):
        said = " ".join([entry.summary, entry.sms, *(f.text for f in entry.facts)])
        assert not any(name in said for name in names), entry.id
