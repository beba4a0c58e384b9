"""From a draft to what residents are told, and back: by one person, by two, at a time, for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services_catalog import store
from tests.triage.editing.conftest import Shop
from triage.editing.draft import Stands
from triage.editing.errors import (
    DraftAlready,
    DraftMoved,
    EntryChanged,
    EntryIdTaken,
    HasFaults,
    NotNow,
    NotValid,
    WordingTaken,
)
from triage.staff.roles import Member


@pytest.mark.asyncio
async def test_a_draft_is_told_to_nobody_until_it_is_published(shop: Shop, ana: Member) -> None:
    was = shop.title(shop.plain)
    draft = await shop.writes(ana, shop.plain, title="In new words")
    assert shop.title(shop.plain) == was
    done = await shop.publishing.publish(ana, draft.id, draft.version, "It was unclear")
    assert shop.title(shop.plain) == "In new words"
    newest, before = shop.history(shop.plain)
    assert (newest.changed_by, newest.reason) == ("Ana", "It was unclear")
    assert (newest.changed_at, newest.revision) == (shop.clock.now(), done.published_revision)
    assert newest.origin is store.Origin.HAND
    assert before.entry
    assert before.entry["title"] == was
    assert shop.audited() == ["entry.draft", "entry.save", "entry.publish"]


@pytest.mark.asyncio
async def test_a_draft_that_is_wrong_is_kept_and_goes_out_never(
    shop: Shop, ana: Member
) -> None:
    draft = await shop.writes(ana, shop.plain, title="", last_verified="yesterday")
    again = await shop.editing.begin(ana, shop.plain)
    assert again == draft
    assert again.content
    assert again.content["last_verified"] == "yesterday"
    with pytest.raises(HasFaults) as fault:
        await shop.publishing.publish(ana, draft.id, draft.version, "Because")
    assert fault.value.field == "title"
    assert len(shop.history(shop.plain)) == 1


@pytest.mark.asyncio
async def test_what_was_saved_in_another_window_is_not_overwritten(
    shop: Shop, ana: Member
) -> None:
    draft = await shop.editing.begin(ana, shop.plain)
    content = dict(draft.content or {})
    await shop.editing.save(ana, draft.id, draft.version, content | {"title": "First"})
    with pytest.raises(DraftMoved):
        await shop.editing.save(ana, draft.id, draft.version, content | {"title": "Second"})
    kept = await shop.editing.begin(ana, shop.plain)
    assert kept.title == "First"


@pytest.mark.asyncio
async def test_nobody_else_writes_in_a_draft(shop: Shop, ana: Member, ben: Member) -> None:
    draft = await shop.editing.begin(ana, shop.plain)
    with pytest.raises(NotNow, match="Only Ana"):
        await shop.editing.save(ben, draft.id, draft.version, dict(draft.content or {}))


@pytest.mark.asyncio
async def test_a_second_person_looks_where_the_pack_wants_one(
    shop: Shop, ana: Member, ben: Member
) -> None:
    draft = await shop.writes(ana, shop.referral, title="Another body")
    with pytest.raises(NotNow, match="second person"):
        await shop.publishing.publish(ana, draft.id, draft.version, "Because")
    draft = await shop.editing.ask_review(ana, draft.id, draft.version)
    with pytest.raises(NotNow, match="Nobody approves their own"):
        await shop.editing.approve(ana, draft.id, draft.version)
    draft = await shop.editing.send_back(ben, draft.id, draft.version, "Say whose it is.")
    assert (draft.stands, draft.note, draft.note_by) == (
        Stands.WRITING,
        "Say whose it is.",
        "Ben",
    )
    draft = await shop.writes(ana, shop.referral, title="Another body of the province")
    assert draft.note == ""
    draft = await shop.editing.ask_review(ana, draft.id, draft.version)
    draft = await shop.editing.approve(ben, draft.id, draft.version)
    await shop.publishing.publish(ana, draft.id, draft.version, "Because")
    assert shop.title(shop.referral) == "Another body of the province"


@pytest.mark.asyncio
async def test_what_was_approved_is_what_goes_out(shop: Shop, ana: Member, ben: Member) -> None:
    draft = await shop.writes(ana, shop.referral, title="Approved words")
    draft = await shop.editing.ask_review(ana, draft.id, draft.version)
    await shop.editing.approve(ben, draft.id, draft.version)
    draft = await shop.writes(ana, shop.referral, title="Words that nobody saw")
    assert (draft.stands, draft.approved_by) == (Stands.WRITING, None)
    with pytest.raises(NotNow, match="second person"):
        await shop.publishing.publish(ana, draft.id, draft.version, "Because")


@pytest.mark.asyncio
async def test_a_kind_of_ones_own_choice_gets_round_no_second_person(
    shop: Shop, ana: Member
) -> None:
    draft = await shop.writes(ana, shop.referral, kind="information", division="Nobody")
    with pytest.raises(NotNow, match="second person"):
        await shop.publishing.publish(ana, draft.id, draft.version, "Because")


@pytest.mark.asyncio
async def test_it_goes_out_at_its_time_once(shop: Shop, ana: Member) -> None:
    was = shop.title(shop.plain)
    draft = await shop.writes(ana, shop.plain, title="From noon on")
    at = shop.clock.now() + timedelta(hours=3)
    with pytest.raises(NotValid):
        await shop.publishing.schedule(
            ana, draft.id, draft.version, "Because", shop.clock.now()
        )
    draft = await shop.publishing.schedule(ana, draft.id, draft.version, "Because", at)
    assert await shop.publishing.publish_due() == 0
    assert shop.title(shop.plain) == was
    shop.clock.passes(hours=3)
    # However many look at the same moment.
    done = await asyncio.gather(*(shop.publishing.publish_due() for _ in range(4)))
    assert sum(done) == 1
    assert shop.title(shop.plain) == "From noon on"
    assert [s.changed_by for s in shop.history(shop.plain)] == ["Ana", "the pack"]


@pytest.mark.asyncio
async def test_a_time_that_was_taken_back_passes_without_anything(
    shop: Shop, ana: Member
) -> None:
    draft = await shop.writes(ana, shop.plain, title="Never")
    at = shop.clock.now() + timedelta(hours=3)
    draft = await shop.publishing.schedule(ana, draft.id, draft.version, "Because", at)
    draft = await shop.publishing.take_back(ana, draft.id, draft.version)
    shop.clock.passes(hours=4)
    assert await shop.publishing.publish_due() == 0
    assert draft.stands is Stands.WRITING


@pytest.mark.asyncio
async def test_what_holds_for_a_while_gives_way_to_the_earlier_text(
    shop: Shop, ana: Member
) -> None:
    was = shop.title(shop.plain)
    draft = await shop.writes(ana, shop.plain, title="During the fair")
    until = shop.clock.now() + timedelta(days=2)
    with pytest.raises(NotValid):
        await shop.publishing.publish(
            ana, draft.id, draft.version, "The fair", ends_at=shop.clock.now()
        )
    await shop.publishing.publish(ana, draft.id, draft.version, "The fair", ends_at=until)
    assert shop.title(shop.plain) == "During the fair"
    shop.clock.passes(days=2)
    assert await shop.publishing.publish_due() == 1
    assert await shop.publishing.publish_due() == 0
    assert shop.title(shop.plain) == was
    assert "is over: The fair" in shop.history(shop.plain)[0].reason


@pytest.mark.asyncio
async def test_later_words_of_somebody_else_are_not_overwritten_by_an_end(
    shop: Shop, ana: Member, ben: Member
) -> None:
    draft = await shop.writes(ana, shop.plain, title="During the fair")
    until = shop.clock.now() + timedelta(days=2)
    await shop.publishing.publish(ana, draft.id, draft.version, "The fair", ends_at=until)
    later = await shop.writes(ben, shop.plain, title="Ben's words")
    await shop.publishing.publish(ben, later.id, later.version, "Better")
    shop.clock.passes(days=3)
    assert await shop.publishing.publish_due() == 1
    assert shop.title(shop.plain) == "Ben's words"
    assert shop.audited()[-1] == "entry.not_ended"


@pytest.mark.asyncio
async def test_the_second_of_two_is_told_who_was_first(
    shop: Shop, ana: Member, ben: Member
) -> None:
    mine = await shop.writes(ana, shop.plain, title="Ana's words")
    theirs = await shop.writes(ben, shop.plain, title="Ben's words")
    await shop.publishing.publish(ben, theirs.id, theirs.version, "Better")
    with pytest.raises(EntryChanged, match="Ben changed this entry"):
        await shop.publishing.publish(ana, mine.id, mine.version, "Better still")
    kept = await shop.editing.begin(ana, shop.plain)
    assert kept.title == "Ana's words"
    revision = shop.history(shop.plain)[0].revision
    kept = await shop.editing.put_onto_now(
        ana, kept.id, kept.version, dict(kept.content or {}), revision
    )
    await shop.publishing.publish(ana, kept.id, kept.version, "Better still")
    assert shop.title(shop.plain) == "Ana's words"
    assert [s.changed_by for s in shop.history(shop.plain)] == ["Ana", "Ben", "the pack"]


@pytest.mark.asyncio
async def test_what_cannot_go_out_at_its_time_is_held_up_and_says_why(
    shop: Shop, ana: Member, ben: Member
) -> None:
    mine = await shop.writes(ana, shop.plain, title="Ana's words")
    at = shop.clock.now() + timedelta(hours=1)
    await shop.publishing.schedule(ana, mine.id, mine.version, "Because", at)
    theirs = await shop.writes(ben, shop.plain, title="Ben's words")
    await shop.publishing.publish(ben, theirs.id, theirs.version, "Better")
    shop.clock.passes(hours=1)
    await shop.publishing.publish_due()
    held = await shop.editing.begin(ana, shop.plain)
    assert held.stands is Stands.HELD_UP
    assert "Ben changed this entry" in held.note
    assert shop.title(shop.plain) == "Ben's words"
    assert await shop.publishing.publish_due() == 0


@pytest.mark.asyncio
async def test_other_entries_changes_are_no_conflict(
    shop: Shop, ana: Member, ben: Member
) -> None:
    mine = await shop.writes(ana, shop.plain, title="Ana's words")
    theirs = await shop.writes(ben, shop.other, title="Of another entry")
    await shop.publishing.publish(ben, theirs.id, theirs.version, "Better")
    await shop.publishing.publish(ana, mine.id, mine.version, "Better")
    assert shop.title(shop.plain) == "Ana's words"


@pytest.mark.asyncio
async def test_a_wording_is_live_at_once_and_holds_no_draft_up(
    shop: Shop, ana: Member, ben: Member
) -> None:
    draft = await shop.writes(ana, shop.plain, title="Ana's words")
    wording = "where would i turn with this odd matter"
    revision = await shop.editing.add_wording(ben, shop.plain, wording, "From messages")
    assert await shop.editing.add_wording(ben, shop.plain, wording, "Again") == revision
    assert wording in shop.catalogue().by_id[shop.plain].questions
    with pytest.raises(WordingTaken, match=shop.title(shop.plain)):
        await shop.editing.add_wording(ben, shop.other, wording.upper(), "From messages")
    await shop.publishing.publish(ana, draft.id, draft.version, "Better")
    entry = shop.catalogue().by_id[shop.plain]
    assert entry.title == "Ana's words"
    assert wording in entry.questions


@pytest.mark.asyncio
async def test_an_entry_is_withdrawn_and_comes_back_as_it_was(shop: Shop, ana: Member) -> None:
    was = shop.catalogue().by_id[shop.plain]
    draft = await shop.editing.begin(ana, shop.plain, withdraws=True)
    await shop.publishing.publish(ana, draft.id, draft.version, "The service ended")
    assert shop.plain not in shop.catalogue().by_id
    revision = shop.history(shop.plain)[-1].revision
    back = await shop.editing.go_back(ana, shop.plain, revision)
    await shop.publishing.publish(ana, back.id, back.version, "It did not")
    assert shop.catalogue().by_id[shop.plain] == was
    assert [s.entry is None for s in shop.history(shop.plain)] == [False, True, False]


@pytest.mark.asyncio
async def test_a_new_entry_is_started_with_its_wordings(shop: Shop, ana: Member) -> None:
    words = ["can i borrow a ladder", "ladder library"]
    draft = await shop.editing.start(ana, "ladders", "Borrow a ladder", questions=words)
    assert draft.content
    assert draft.content["questions"] == words
    with pytest.raises(DraftAlready):
        await shop.editing.start(ana, "ladders", "Borrow a ladder")
    with pytest.raises(EntryIdTaken):
        await shop.editing.start(ana, shop.plain, "Taken")
    with pytest.raises(NotValid):
        await shop.editing.start(ana, "Ladders!", "Borrow a ladder")
