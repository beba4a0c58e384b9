"""What differs between two states of an entry, as its maintainer reads it."""

from triage.editing.differences import How, differences

BEFORE = {
    "title": "Dogs",
    "summary": "Call 311 about dogs.",
    "facts": [{"field": "cost", "text": "It is free.", "source": "https://city.example"}],
    "questions": ["dog?", "hound?"],
    "request": {
        "attributes": [{"code": "size", "description": "How big?", "datatype": "text"}]
    },
}


def told(before: dict | None, after: dict | None) -> list[tuple[str, str, str, str]]:
    """Return field, what happened to the line, what went and what came."""
    return [
        (
            change.name,
            line.how,
            "".join(p.text for p in line.pieces if p.how is How.GONE).strip(),
            "".join(p.text for p in line.pieces if p.how is How.NEW).strip(),
        )
        for change in differences(before, after)
        for line in change.lines
    ]


def test_words_are_told_where_a_line_stays_and_lines_where_it_does_not() -> None:
    after = BEFORE | {"summary": "Call 311 about cats.", "questions": ["dog?", "whelp please?"]}
    assert told(BEFORE, after) == [
        ("summary", "same", "dogs.", "cats."),
        ("questions", "new", "", "whelp please?"),
        ("questions", "gone", "hound?", ""),
    ]


def test_facts_and_questions_of_a_report_are_told_in_words() -> None:
    after = BEFORE | {
        "facts": [{"field": "cost", "text": "It is $5.", "unverified": True}],
        "request": {
            "attributes": [{"code": "size", "description": "How tall?", "datatype": "text"}]
        },
    }
    fact, asked = told(BEFORE, after)
    assert fact[0] == "facts"
    assert "$5." in fact[3]
    assert asked == ("request", "same", "big?", "tall?")


def test_what_is_the_same_is_not_told_and_what_is_new_is_told_whole() -> None:
    assert differences(BEFORE, dict(BEFORE)) == []
    assert [change.name for change in differences(None, BEFORE)] == [
        "title", "summary", "facts", "questions", "request",
    ]  # fmt: skip
    assert all(line[1] == "gone" for line in told(BEFORE, None))
