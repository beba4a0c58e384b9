"""Maintainers at the console: they find an entry, write, see how it reads, publish it, and go back. Without scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.live import LiveCatalogue
from services_catalog.model import Catalogue, Kind
from services_catalog.packs import read_entries
from tests.support.forms import Forms
from tests.support.staff import AtConsole, add_member
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door, wait_until
from tests.triage.twin import AssistantTwin
from triage.staff.roles import Role

LIST = "/staff/catalogue"
# An entry of which residents get an answer and no more, of a division that wants no second person.
PLAIN = "noise_vehicle"


@pytest.fixture(scope="module")
def url(database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    """A line with the whole of Toronto's catalogue."""
    import_entries(database_url, read_entries("toronto"))
    with front_door(database_url, assistant.url) as url:
        yield url


class Maintainer(AtConsole):
    """One at the console, who fills in its forms."""

    def __init__(self, url: str, database_url: str, name: str) -> None:
        super().__init__(url)
        self.is_given(database_url, add_member(database_url, Role.MAINTAINER, name=name))
        self.opens(LIST)

    def begins(self, entry_id: str, what: str = "edit") -> str:
        """Begin a draft; return where it is written or published."""
        self.opens(f"{LIST}/{entry_id}")
        sent = self.sends(f"{LIST}/{entry_id}/begin", what=what)
        assert sent.status_code == 303, sent.text
        where = str(sent.headers["location"])
        self.opens(where)
        return where

    def fills(self, action: str, **typed: str) -> httpx.Response:
        """Send the form of the page that is open, with some of its fields changed."""
        return self.client.post(action, data=Forms(self.page).fields(action) | typed)

    def writes(self, entry_id: str, then: str = "stay", **typed: str) -> httpx.Response:
        """Write in the form of the words and save it; follow to where that leads."""
        where = f"{LIST}/{entry_id}/edit"
        self.opens(where)
        return self.follows(self.fills(where, then=then, **typed))

    def follows(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer sends, and keep the page."""
        if answer.status_code == 303:
            return self.opens(answer.headers["location"])
        self.page = answer.text
        return answer

    def previews(self, where: str, **typed: str) -> str:
        """Return the preview of the form of the page that is open, with some of its fields changed."""
        data = Forms(self.page).fields(where) | typed
        headers = {"X-CSRF-Token": self.csrf, "HX-Request": "true"}
        answer = self.client.post(f"{where}/preview", data=data, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    def draft_at(self, entry_id: str) -> str:
        """Return the address of the own draft of an entry."""
        self.opens(f"{LIST}/{entry_id}")
        found = re.search(r'href="(/staff/catalogue/drafts/[^"]+)">Look at my draft', self.page)
        assert found, self.page
        return found[1]

    def publishes(self, entry_id: str, **typed: str) -> httpx.Response:
        """Publish the own draft of an entry, and follow."""
        at = self.draft_at(entry_id)
        self.opens(at)
        return self.follows(
            self.fills(f"{at}/publish", **({"reason": "It was unclear"} | typed))
        )


@pytest.fixture
def ana(url: str, database_url: str) -> Iterator[Maintainer]:
    with Maintainer(url, database_url, "Ana") as one:
        yield one


@pytest.fixture
def ben(url: str, database_url: str) -> Iterator[Maintainer]:
    with Maintainer(url, database_url, "Ben") as one:
        yield one


def catalogue(database_url: str) -> Catalogue:
    engine = open_database(database_url)
    found = store.load(engine, "toronto")
    engine.dispose()
    return found


def words_of(page: str) -> str:
    """Return a page as it is read."""
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def test_an_entry_is_found_by_its_words_its_owner_and_its_state(ana: Maintainer) -> None:
    ana.opens(f"{LIST}?find=dog+licence")
    assert "Dog and cat licence" in ana.page
    assert "of 247 entries" in words_of(ana.page)
    ana.opens(f"{LIST}?owner=Toronto+Water&show=reported")
    assert "Dog and cat licence" not in ana.page
    ana.opens(f"{LIST}?find=no+such+thing")
    assert "No entry is like that." in ana.page


def test_what_is_published_is_answered_by_another_process(
    ana: Maintainer, database_url: str
) -> None:
    engine = open_database(database_url)
    live = LiveCatalogue(engine, "toronto", encoder=None)
    live.start()
    try:
        ana.begins("noise_general")
        ana.writes("noise_general", title="Noise that keeps you up")
        assert live.now().catalogue.by_id["noise_general"].title != "Noise that keeps you up"
        answer = ana.publishes("noise_general")
        assert "It is published." in answer.text
        wait_until(
            lambda: (
                live.now().catalogue.by_id["noise_general"].title == "Noise that keeps you up"
            )
        )
    finally:
        live.close()
        engine.dispose()
    ana.opens(f"{LIST}/noise_general/history")
    told = words_of(ana.page)
    assert "Changed by Ana" in told
    assert "It was unclear" in told
    assert "[put in: Noise that keeps you up ]" in told


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    ana: Maintainer, database_url: str
) -> None:
    before = catalogue(database_url)
    ana.begins("graffiti")
    wrong = "Reply STOP. " + "Very long. " * 40
    ana.writes("graffiti", sms=wrong, source_url="nowhere")
    fields = Forms(ana.page).fields(f"{LIST}/graffiti/edit")
    assert fields["sms"] == " ".join(wrong.split())
    assert fields["source_url"] == "nowhere"
    for name, fault in (
        ("sms", "shorten it to two"),
        ("sms", "asks for a word that carriers act on"),
        ("source_url", "must be a web address"),
    ):
        beside = re.search(
            rf'<ul class="field-faults" id="{name}-faults">(.*?)</ul>', ana.page, re.DOTALL
        )
        assert beside
        assert fault in beside[1]
    refused = ana.publishes("graffiti")
    assert refused.status_code == 422
    assert "This has to be put right first" in refused.text
    assert catalogue(database_url) == before


def test_a_save_over_another_windows_save_comes_back_with_every_word(ana: Maintainer) -> None:
    where = ana.begins("litter_cleanup")
    first_window = ana.page
    ana.writes("litter_cleanup", title="Saved in another window")
    ana.page = first_window
    again = ana.follows(ana.fills(where, title="Typed here", then="stay"))
    assert again.status_code == 409
    assert Forms(ana.page).fields(where)["title"] == "Typed here"
    told = words_of(ana.page)
    assert "[taken out: Saved in another window ]" in told
    ana.follows(ana.fills(where, then="stay"))
    assert Forms(ana.page).fields(where)["title"] == "Typed here"
    assert "The draft is saved" in ana.page


def test_a_draft_that_was_published_in_another_window_takes_no_words_along(
    ana: Maintainer,
) -> None:
    where = ana.begins(PLAIN)
    first_window = ana.page
    ana.writes(PLAIN, title="Published already")
    assert ana.publishes(PLAIN).status_code == 200
    ana.page = first_window
    again = ana.follows(ana.fills(where, title="Typed late", then="stay"))
    assert again.status_code == 409
    assert Forms(ana.page).fields(where)["title"] == "Typed late"


def test_the_preview_shows_both_channels_what_they_cost_and_what_is_hard_to_read(
    ana: Maintainer,
) -> None:
    where = ana.begins("dead_animal")
    hard = "Unfortunately the municipality administratively considers " + "very " * 20 + "much."
    typed = {"summary": hard, "sms": "Call 311 \u2013 now."}
    told = words_of(ana.previews(where, **typed))
    assert hard in told
    assert "(26 words)" in told
    assert "administratively" in told.partition("Long words:")[2]
    assert "makes it cost double" in told
    # Nothing of it was saved.
    ana.opens(where)
    assert Forms(ana.page).fields(where)["summary"] != hard


def test_the_questions_of_a_report_are_changed_and_seen_as_the_assistant_asks_them(
    ana: Maintainer, database_url: str
) -> None:
    ana.begins("pothole")
    where = f"{LIST}/pothole/edit/questions"
    ana.opens(where)
    asked = catalogue(database_url).by_id["pothole"].request
    assert asked
    last = len(asked.attributes)
    new = {
        f"ask.{last}.place": "0.5",
        f"ask.{last}.code": "part_of_street",
        f"ask.{last}.description": "Which part of the street is it in?",
        f"ask.{last}.datatype": "singlevaluelist",
        f"ask.{last}.required": "yes",
        f"ask.{last}.value.0.key": "bike",
        f"ask.{last}.value.0.name": "The bike lane",
        f"ask.{last}.value.0.words": "bike lane, cycle track",
        f"ask.{last}.value.1.key": "cars",
        f"ask.{last}.value.1.name": "Where cars drive",
    }
    told = words_of(ana.previews(where, **new))
    talk = told.partition("question by question")[2]
    assert talk.split("Which part of the street is it in?")[0].strip() == ""
    assert "1 The bike lane" in talk
    ana.follows(ana.fills(where, then="finish", **new))
    assert ana.publishes("pothole").status_code == 200, words_of(ana.page)
    first = catalogue(database_url).by_id["pothole"].request
    assert first
    assert first.attributes[0].code == "part_of_street"
    assert first.attributes[0].values[0].words == ("bike lane", "cycle track")
    assert first.attributes[1:] == asked.attributes


def test_a_second_person_approves_what_another_body_does(
    ana: Maintainer, ben: Maintainer, database_url: str
) -> None:
    referral = next(e.id for e in catalogue(database_url).entries if e.kind is Kind.REFERRAL)
    ana.begins(referral)
    ana.writes(referral, title="In other words")
    at = ana.draft_at(referral)
    ana.opens(at)
    assert f"{at}/publish" not in ana.page
    ana.follows(ana.fills(f"{at}/ask-review"))
    assert "A colleague has to look at it" in words_of(ana.page)
    ben.opens(f"{LIST}?show=waiting")
    assert referral in ben.page
    ben.opens(at)
    ben.follows(ben.fills(f"{at}/send-back", note="Say whose it is."))
    ana.opens(f"{LIST}/{referral}/edit")
    assert "Say whose it is." in ana.page
    ana.writes(referral, title="The province's words")
    ana.opens(at)
    ana.follows(ana.fills(f"{at}/ask-review"))
    ben.opens(at)
    ben.follows(ben.fills(f"{at}/approve"))
    assert ana.publishes(referral).status_code == 200
    assert catalogue(database_url).by_id[referral].title == "The province's words"


def test_the_second_of_two_sees_both_and_keeps_their_own(
    ana: Maintainer, ben: Maintainer, database_url: str
) -> None:
    entry = "noise_construction"
    for one, title in ((ana, "Ana's title"), (ben, "Ben's title")):
        one.begins(entry)
        one.writes(entry, title=title)
    ben.writes(entry, section="Ben's section")
    ana.writes(entry, owner="Ana's owner")
    ben.publishes(entry)
    refused = ana.publishes(entry)
    assert refused.status_code == 409
    assert "Ben changed this entry" in words_of(ana.page)
    at = ana.draft_at(entry)
    ana.opens(f"{at}/both")
    told = words_of(ana.page)
    assert "Now, by Ben Ben's title In your draft Ana's title" in told
    unanswered = ana.follows(ana.fills(f"{at}/both"))
    assert unanswered.status_code == 422
    ana.follows(ana.fills(f"{at}/both", **{"take.title": "mine"}))
    assert ana.publishes(entry).status_code == 200
    found = catalogue(database_url).by_id[entry]
    assert (found.title, found.section, found.owner) == (
        "Ana's title", "Ben's section", "Ana's owner",
    )  # fmt: skip


def test_an_entry_goes_out_at_a_time_and_for_a_while_in_the_citys_time(
    ana: Maintainer, database_url: str
) -> None:
    entry = "noise_power_tools"
    ana.begins(entry)
    ana.writes(entry, title="At the fair")
    refused = ana.publishes(entry, when="later", publish_at="2020-01-01T10:00")
    assert refused.status_code == 422
    assert "still to come" in ana.page
    assert Forms(ana.page).fields(f"{ana_at(ana)}/publish")["reason"] == "It was unclear"
    shown = ana.publishes(
        entry, when="later", publish_at="2099-07-01T10:00", ends_at="2099-07-05T10:00"
    )
    assert "Goes out Jul 1, 2099, 10:00 a.m." in words_of(shown.text)
    assert "Ends Jul 5, 2099, 10:00 a.m." in words_of(shown.text)
    at = ana.draft_at(entry)
    ana.opens(at)
    ana.follows(ana.fills(f"{at}/take-back"))
    assert "It goes out at no time." in ana.page
    assert catalogue(database_url).by_id[entry].title != "At the fair"


def ana_at(browser: Maintainer) -> str:
    found = re.search(r'action="(/staff/catalogue/drafts/[^"]+)/publish"', browser.page)
    assert found
    return found[1]


def test_an_entry_is_brought_back_as_it_was(ana: Maintainer, database_url: str) -> None:
    entry = "noise_hvac"
    was = catalogue(database_url).by_id[entry]
    ana.begins(entry)
    ana.writes(entry, title="A slip")
    ana.publishes(entry)
    ana.opens(f"{LIST}/{entry}/history")
    revision = re.findall(r'name="revision" value="(\d+)"', ana.page)[-1]
    ana.follows(ana.sends(f"{LIST}/{entry}/go-back", revision=revision))
    assert "[put in:" in words_of(ana.page)
    ana.publishes(entry)
    assert catalogue(database_url).by_id[entry] == was


def test_a_new_entry_is_written_from_nothing(ana: Maintainer, database_url: str) -> None:
    ana.opens(f"{LIST}/new")
    ana.follows(ana.sends(f"{LIST}/new", title="Borrow a ladder", entry_id="pothole"))
    assert "There is an entry pothole already" in ana.page
    ana.follows(ana.sends(f"{LIST}/new", title="Borrow a ladder", entry_id=""))
    ana.writes(
        "borrow_a_ladder",
        summary="Borrow a ladder at the tool library. Bring your card.",
        sms="Borrow a ladder at the tool library. Bring your card.",
        division="Parks and Recreation",
        owner="Parks and Recreation",
        source_url="https://city.example/ladders",
        review_by="2027-06-01",
        also_called="ladder library\nstep ladder loan",
        questions="\n".join(f"can i borrow a ladder number {n}" for n in range(10)),
        **{"fact.0.field": "cost", "fact.0.text": "It is free.", "fact.0.unverified": "yes"},
    )
    assert "Nothing is wrong with it." in ana.page
    assert ana.publishes("borrow_a_ladder").status_code == 200
    entry = catalogue(database_url).by_id["borrow_a_ladder"]
    assert entry.also_called == ("ladder library", "step ladder loan")
    assert entry.facts[0].unverified
    ana.begins("borrow_a_ladder", "withdraw")
    at = ana.draft_at("borrow_a_ladder")
    ana.opens(at)
    ana.follows(ana.fills(f"{at}/publish", reason="There are no ladders"))
    assert "borrow_a_ladder" not in catalogue(database_url).by_id
