"""How a report being taken reads to a resident. Pure: values in, replies out.

Fixed sentences are Wordings of bot/domain/; questions, choices and referrals are the catalogue's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions import replies_brief as briefly
from actions.intake.dates import spoken_day
from actions.intake.memory import FORGOTTEN, Contact, IntakeMemory, Stage, Topic
from actions.intake.reading import told
from actions.intake.steps import optional_left
from actions.names import Outcome, Wording
from actions.place_memory import Spot, remembered
from actions.replies import PERSON, Reply
from actions.replies_places import distance, on_the_wire
from actions.triage_client import Case, NearCase
from services_catalog.definition import Attribute, Datatype, LocationRule, ServiceDefinition
from services_catalog.model import ServiceEntry
from services_catalog.places.geocode import Located
from services_catalog.wording import REPORT_NOW, SEVERAL, SKIP_LABEL, WHERE, question_words

# What helps with an answer of a kind, where the entry says nothing of its own.
HINTS: Mapping[Datatype, str] = {
    Datatype.SINGLEVALUELIST: "Please pick one, or write its number.",
    Datatype.MULTIVALUELIST: SEVERAL,
    Datatype.YES_NO: "Please pick one, or write its number.",
    Datatype.DATETIME: 'A day is enough, like "yesterday", "last Tuesday" or "June 3".',
    Datatype.NUMBER: 'Please write a number, like "3".',
    Datatype.STRING: "A few words are enough.",
    Datatype.TEXT: "A few words are enough.",
    Datatype.PHOTO: "Please send the photo here.",
}
TOPIC_HINTS: Mapping[str, str] = {
    Topic.LOCATION: "A house number and street, or the nearest corner, is best.",
    Topic.CONTACT: "A phone number looks like 416 555 0100, an email address like name@example.com.",
    Topic.JOIN: 'Please say "join it", or "mine is another one".',
    Topic.SEND: 'Please say "send it", or say what is not right, like "the number is 14".',
    Topic.CHANGE: "Please pick what is not right, or say it in a sentence.",
    Topic.WHICH: "Please pick one of the two.",
}
LONGEST_QUOTE = 300
# So many answers to a question are helped with; after that, a person is offered.
MOST_TRIES = 2

# What stands before a question, where something is to be said first.
BEGIN = "I can report this to the City for you.{at}"
AT = " You told me where: {place}."
NOT_FOUND = 'I did not find "{what}". '
OUTSIDE = "{what} is outside {city}, so the City cannot act there.{whose}"
CHANGED = "I changed this: {what}."
NOTED = "Thank you. {what}."
PHOTO_TAKEN = "Thank you, I have the photo."
NOT_UNDERSTOOD = "Sorry, I did not understand that. {hint}"
NOT_UNDERSTOOD_AGAIN = "Sorry, I still do not understand. {hint}"
NEEDED = "Staff need this to find the right crew. {hint}"
ANY_OF = "You can pick {choices}."
CONTACT_NOT_VALID = "That does not look like a whole phone number (416 555 0100) or email address (name@example.com)."
CONTACT_NEEDED = "I cannot send this kind of report without a phone number or an email address."
CONTACT_FREE = "Staff call only if something is unclear. You can also stay anonymous, and hear or ask here how it goes."
CONTACT_WHY = (
    "Staff need it to look into this. It is used for this report only, and nobody else sees it."
)
MOVED_ON = "This is a matter of another kind of report: {title}. I go on with that one."
NOT_HERE = "This cannot be reported here."
NOT_JOINED = "That report was closed just now, so I go on with yours."
NOT_SENT_YET = 'Your report "{what}" is not sent yet.'
ONE_AT_A_TIME = "Let us finish this report first. After that, tell me about the other one."
GOING_ON = "I go on with your report."
ALSO = 'You also wrote: "{what}"'
ALSO_LATER = "After that we look at {what}."
KEPT = "All right. {what}."
THE_REST = "I go on with the rest."
SO_FAR = "This is what I have: {what}."
GIVEN_UP = (
    "Sorry, I still do not understand. A person can take this report: call {phone}. You can also answer "
    "here once more."
)
PHOTOS_GONE = "I no longer have the photos, so nothing went out yet. You can add them again, or go on without."
ONE_MORE = "One more thing is needed before I can send this."


@dataclass(frozen=True)
class About:
    """A report as it stands: the entry, and what is known."""

    entry: ServiceEntry
    definition: ServiceDefinition
    memory: IntakeMemory
    revision: int

    @property
    def may_be_anonymous(self) -> bool:
        """Say whether nobody has to know how to reach them; who joins is not asked for it."""
        return self.definition.anonymous or bool(self.memory.joining)


def choice(label: str, **value: Any) -> dict[str, Any]:
    """Return a choice of the intake's."""
    return {"label": label, "service_id": None, "value": {"move": "intake", **value}}


GO_ON = choice("Go on with the report", do="go_on")
SEND = choice("Send it", do="send")
CHANGE = choice("Change something", do="change")
ADD = choice("Add more", do="add")
SKIP = choice(SKIP_LABEL, do="skip")
ALL_I_KNOW = choice("That is all I know", do="skip")
ANOTHER_ONE = choice("Mine is another one", do="not_join")
ANONYMOUS = choice("Stay anonymous", do="anonymous")
HERE_ONLY = choice("Anonymous, with news here", do="here")
TELL_ME = choice("Yes, tell me here", do="here")
TELL_NOTHING = choice("No, thanks", do="anonymous")
NOT_RIGHT = "That is not right"


def report_now(
    service_id: str, words: str, title: str = "", also: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Return the choice to report what an answer is about.

    Args:
        title: which of several.
        also: the others of these, for after it.
    """
    value = {"move": "report", "service_id": service_id, "words": words}
    return {
        "label": f"{REPORT_NOW}: {lower(title)}" if title else REPORT_NOW,
        "service_id": None,
        "value": value | ({"also": list(also)} if also else {}),
    }


def question(about: About, attribute: Attribute) -> Reply:
    """Put one of the entry's questions."""
    choices = [
        choice(v.name, code=attribute.code, key=v.key)
        for v in attribute.values
        if attribute.datatype.is_list
    ]
    if not attribute.required:
        choices.append(SKIP)
    return _asking(
        about,
        attribute.code,
        Wording.INTAKE_QUESTION,
        choices,
        ask="number" if attribute.datatype is Datatype.NUMBER else _photo_among([attribute]),
        question=question_words(attribute),
    )


def ask_location(about: About, before: Spot | None) -> Reply:
    """Ask where; a place named earlier in the conversation is offered."""
    asked = about.definition.location_question or WHERE
    choices = [spot_choice(before)] if before else []
    if before:
        asked = f"{asked} Is it at {before.label} again?"
    if about.definition.location is not LocationRule.REQUIRED:
        choices.append(SKIP)
    wording = Wording.INTAKE_QUESTION
    return _asking(about, Topic.LOCATION, wording, choices, ask="location", question=asked)


def ask_exact(about: About, spot: Spot, corners: Sequence[Spot] = ()) -> Reply:
    """Ask for more than a street or an area; `corners`: places on it to choose from."""
    choices = [*map(spot_choice, corners), ALL_I_KNOW]
    wording = Wording.INTAKE_EXACT
    return _asking(about, Topic.LOCATION, wording, choices, ask="location", place=spot.label)


def which_place(about: About, options: Sequence[Located], not_found: str = "") -> Reply:
    """Ask which of a few places is meant."""
    spots = [Spot.of(o) for o in options]
    many = len(spots) > 1
    return _asking(
        about,
        Topic.LOCATION,
        Wording.INTAKE_WHICH_PLACE if many else Wording.INTAKE_CONFIRM_PLACE,
        [spot_choice(s) for s in spots],
        ask="location",
        opening=NOT_FOUND.format(what=shortened(not_found, 60)) if not_found else "",
        place=spots[0].label,
    )


def place_not_found(about: About, what: str) -> Reply:
    """Say which words were not found and ask again; in the end, that a person can help."""
    given_up = about.memory.tries > MOST_TRIES
    quoted = shortened(what, 60)
    asked = _asking(
        about,
        Topic.LOCATION,
        Wording.INTAKE_PLACE_GIVEN_UP if given_up else Wording.INTAKE_PLACE_AGAIN,
        [PERSON] if given_up else [],
        ask="location",
        place=quoted,
    )
    return asked if given_up else replace(asked, short=briefly.place_not_found(quoted))


def spot_choice(spot: Spot) -> dict[str, Any]:
    """Return the choice of a place."""
    value = dict(remembered(spot=spot)["spot"])
    return {"label": spot.label, "service_id": None, "value": {"move": "spot", "spot": value}}


def offer_join(about: About, near: Sequence[NearCase]) -> Reply:
    """Offer to join what neighbours reported."""
    first = near[0]
    people = 1 + first.followers
    who = "A neighbour" if people == 1 else f"{_count(people)} neighbours"
    choices = [choice("Join it", do="join", reference=first.reference), ANOTHER_ONE]
    wording, metres = Wording.INTAKE_JOIN, distance(first.metres)
    return _asking(about, Topic.JOIN, wording, choices, who=who, metres=metres)


def ask_contact(about: About) -> Reply:
    """Ask how to reach the resident, and whether they want updates: one question. Who joins is asked for the updates."""
    if about.memory.joining:
        asked = _asking(about, Topic.CONTACT, Wording.INTAKE_JOIN_NEWS, [TELL_ME, TELL_NOTHING])
        return replace(asked, short=briefly.ASK_NEWS)
    is_free = about.definition.anonymous
    wording = Wording.INTAKE_CONTACT if is_free else Wording.INTAKE_CONTACT_NEEDED
    asked = _asking(about, Topic.CONTACT, wording, [ANONYMOUS, HERE_ONLY] if is_free else [])
    return replace(asked, short=briefly.ASK_CONTACT if is_free else briefly.ASK_CONTACT_NEEDED)


def read_back(about: About) -> Reply:
    """Read everything back and ask whether to send it."""
    left = optional_left(about.definition, about.memory)
    more = f"\nYou can also add: {listed([_as_part(a) for a in left])}." if left else ""
    lines = "\n".join(f"- {line}" for line in facts(about))
    choices = [SEND, CHANGE, *([ADD] if left else [])]
    filling = {"list": lines, "note": more}
    read = replace(about, memory=replace(about.memory, is_read=True))
    wording, ask = Wording.INTAKE_READ_BACK, _photo_among(left)
    asked = _asking(read, Topic.SEND, wording, choices, ask=ask, **filling)
    short = briefly.read_back(
        about.entry.title, about.definition, about.memory, below=briefly.numbered(choices)
    )
    return replace(asked, short=short)


def send_now(about: About) -> Reply:
    """Ask whether to send it, without reading everything back again."""
    return _asking(about, Topic.SEND, Wording.INTAKE_SEND, [SEND, CHANGE])


def what_to_change(about: About) -> Reply:
    """Ask what is not right."""
    answered = [
        choice(_bare(a.description), change=a.code)
        for a in about.definition.attributes
        if a.code in about.memory.answers and a.applies(about.memory.answers)
    ]
    has_place = about.definition.location is not LocationRule.NONE
    place = [choice("The place", change=Topic.LOCATION.value)] if has_place else []
    contact = choice("How to reach me", change=Topic.CONTACT.value)
    topics = [*place, *answered, contact]
    return _asking(about, Topic.CHANGE, Wording.INTAKE_WHAT_TO_CHANGE, topics)


def hint(about: About, asked: str, tries: int) -> str:
    """Return what helps with a question: first what its maintainer says, then the choices or a form for it."""
    attribute = about.definition.by_code.get(asked)
    if attribute is None:
        return TOPIC_HINTS.get(asked, "")
    general = HINTS[attribute.datatype]
    if tries == 1:
        return attribute.datatype_description or general
    if attribute.datatype.is_list:
        return ANY_OF.format(choices=listed([f'"{v.name}"' for v in attribute.values], "or"))
    return general


def with_opening(reply: Reply, opening: str) -> Reply:
    """Return a question of the intake with a sentence before it."""
    if not opening:
        return reply
    before = reply.filled_with.get("opening", "")
    return replace(
        reply,
        filled_with={**reply.filled_with, "opening": f"{opening.strip()} {before}"},
        short=f"{opening.strip()} {reply.short}" if reply.short else "",
    )


def facts(about: About) -> list[str]:
    """Return everything that is sent, a line each."""
    memory = about.memory
    lines = [about.entry.title]
    if memory.spot:
        lines.append(place_line(memory.spot))
    lines += [
        answer_line(a, memory.answers[a.code])
        for a in about.definition.attributes
        if a.code in memory.answers and a.applies(memory.answers)
    ]
    if memory.words:
        lines.append(f'In your words: "{shortened(memory.words, LONGEST_QUOTE)}"')
    if memory.photos:
        lines.append("1 photo" if len(memory.photos) == 1 else f"{len(memory.photos)} photos")
    lines.append(contact_line(memory.contact or Contact()))
    return lines


def place_line(spot: Spot) -> str:
    """Return where it is, with its ward."""
    ward = f", {spot.ward}" if spot.ward else ""
    about = " (about there)" if spot.approximate else ""
    return f"Where: {spot.label}{about}{ward}"


def answer_line(attribute: Attribute, value: Any) -> str:
    """Return a question with its answer."""
    return f"{attribute.description} {told(attribute, value)}"


def contact_line(contact: Contact) -> str:
    """Return how the resident is reached."""
    if contact.here:
        return "Contact: none, you stay anonymous; I tell you the news here"
    if not contact.reaches:
        return "Contact: none, you stay anonymous"
    reached = ", ".join(p for p in (contact.name, contact.phone, contact.email) if p)
    return (
        f"Contact: {reached} ({'updates are fine' if contact.wants_updates else 'no updates'})"
    )


def opened(about: About, case: Case) -> Reply:
    """Say that the case exists: its reference, who has it, by when, what comes next."""
    return _with_case(about, case, Wording.CASE_OPENED, briefly.opened(case))


def joined(about: About, case: Case) -> Reply:
    """Say that the resident follows a report now."""
    return _with_case(about, case, Wording.CASE_JOINED, briefly.joined(case))


def day_in(moment: str, zone: str) -> str:
    """Return the city's day of a moment, as people write it."""
    at = datetime.fromisoformat(moment)
    return spoken_day(at.astimezone(ZoneInfo(zone)).date().isoformat())


def case_on_the_wire(case: Case) -> dict[str, Any]:
    """Return a case as a message carries it."""
    return {
        "reference": case.reference,
        "service_name": case.service_name,
        "status": case.status,
        "division": case.division,
        "due": case.due,
        "next": case.next,
    }


def diverted(about: About, attribute: Attribute, text: str) -> Reply:
    """Say whose matter it is; what was answered can still be corrected."""
    return Reply(
        Outcome.ANSWER,
        wording=Wording.INTAKE_NOT_OURS,
        filled_with={"told": text},
        service_id=about.entry.id,
        revision=about.revision,
        source_url=about.entry.source_url,
        last_verified=about.entry.last_verified.isoformat(),
        choices=[choice(NOT_RIGHT, change=attribute.code), PERSON],
        remember=replace(about.memory, stage=Stage.ENDED).remembered(),
    )


def dangerous(about: About, attribute: Attribute, text: str) -> Reply:
    """Say what to do in danger, and nothing else; what was answered can still be corrected."""
    return Reply(
        Outcome.SAFETY,
        text=text,
        choices=[choice(NOT_RIGHT, change=attribute.code)],
        remember=replace(about.memory, stage=Stage.ENDED).remembered(),
    )


def fixed(
    about: About,
    wording: Wording,
    choices: Sequence[Mapping[str, Any]] = (),
    **filling: str,
) -> Reply:
    """Say one of the fixed texts about the report; it is kept as it is."""
    return Reply(
        Outcome.INTAKE,
        wording=wording,
        filled_with={"what": about.entry.title, **filling},
        service_id=about.entry.id,
        choices=choices,
        remember=about.memory.remembered(),
    )


def forgotten(wording: Wording, **filling: str) -> Reply:
    """Say one of the fixed texts, and forget the report."""
    return Reply(Outcome.INTAKE, wording=wording, filled_with=filling, remember=FORGOTTEN)


def lower(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title if re.match(r"[A-Z]{2}", title) else title[0].lower() + title[1:]


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a sentence lists them."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def shortened(words: str, most: int) -> str:
    """Return words in no more than so many characters."""
    plain = " ".join(words.split())
    return plain if len(plain) <= most else f"{plain[: most - 3].rsplit(' ', 1)[0]}..."


def _with_case(about: About, case: Case, wording: Wording, short: str) -> Reply:
    spot = about.memory.spot
    return Reply(
        Outcome.CASE_OPENED,
        wording=wording,
        filled_with={
            "reference": case.reference,
            "told": case.status_text,
            "next": case.next,
        },
        short=short,
        service_id=case.service_id,
        case=case_on_the_wire(case),
        location=on_the_wire(spot) if spot else None,
        remember=dict(FORGOTTEN),
    )


def _asking(
    about: About,
    topic: str,
    wording: Wording,
    choices: Sequence[Mapping[str, Any]],
    ask: str = "",
    **filling: str,
) -> Reply:
    memory = replace(about.memory, asked=str(topic), stage=Stage.ASKING)
    return Reply(
        Outcome.INTAKE,
        wording=wording,
        filled_with={"opening": "", **filling},
        service_id=about.entry.id,
        choices=choices,
        location=on_the_wire(memory.spot) if memory.spot else None,
        ask=ask,
        remember=memory.remembered(),
    )


def _photo_among(asked: Sequence[Attribute]) -> str:
    """Return what the page can help with, where it is a photo."""
    return "photo" if any(a.datatype is Datatype.PHOTO for a in asked) else ""


def _as_part(attribute: Attribute) -> str:
    if attribute.datatype is Datatype.PHOTO:
        return "a photo"
    return f'"{attribute.description}"'


def _bare(question: str) -> str:
    return question.rstrip(" ?")


def _count(number: int) -> str:
    names = ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return names[number - 2] if 2 <= number <= 10 else str(number)
