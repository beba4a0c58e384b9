"""How drafts and entries are called on the console's pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from services_catalog.definition import Datatype, LocationRule, StandardUnit
from services_catalog.model import Aspect, Kind
from triage.editing.draft import Stands

STANDS: Mapping[Stands, str] = {
    Stands.WRITING: "Draft",
    Stands.WAITING: "Waits for a second person",
    Stands.APPROVED: "Approved, not published yet",
    Stands.SCHEDULED: "Has its time to go out",
    Stands.HELD_UP: "Could not go out",
    Stands.PUBLISHED: "Published",
    Stands.DROPPED: "Dropped",
}
KINDS: Mapping[Kind, str] = {
    Kind.INFORMATION: "Information: an answer",
    Kind.REQUEST: "Request: work by the City, asked for with a report",
    Kind.BOTH: "Both: an answer, and a report if it is still needed",
    Kind.REFERRAL: "Referral: another body's job",
    Kind.PLACE: "Place: somewhere to go",
}
ASPECTS: Mapping[Aspect, str] = {
    Aspect.WHAT: "What it is",
    Aspect.HOW: "How it is done",
    Aspect.COST: "What it costs",
    Aspect.HOURS: "Hours",
    Aspect.WHO: "Who may, or must",
    Aspect.DOCUMENTS: "Documents",
    Aspect.DEADLINE: "Deadline",
    Aspect.CONTACT: "Contact",
    Aspect.WHERE: "Where",
    Aspect.TIME: "How long it takes",
    Aspect.RULE: "Rule",
}
DATATYPES: Mapping[Datatype, str] = {
    Datatype.SINGLEVALUELIST: "One of the answers below",
    Datatype.MULTIVALUELIST: "Any of the answers below",
    Datatype.YES_NO: "Yes or no",
    Datatype.STRING: "A line of words",
    Datatype.TEXT: "As many words as it takes",
    Datatype.NUMBER: "A number",
    Datatype.DATETIME: "A day, perhaps with an hour",
    Datatype.PHOTO: "A photo",
}
LOCATIONS: Mapping[LocationRule, str] = {
    LocationRule.REQUIRED: "A report must say where",
    LocationRule.OPTIONAL: "A report may say where",
    LocationRule.NONE: "Where is not asked",
}
UNITS: Mapping[StandardUnit, str] = {
    StandardUnit.HOURS: "hours",
    StandardUnit.DAYS: "days",
    StandardUnit.WORKING_DAYS: "working days",
}
# What the filter of the list can be.
SHOWS: Mapping[str, str] = {
    "": "All entries",
    "drafts": "With a draft",
    "mine": "With a draft of mine",
    "waiting": "Waiting for a second person",
    "due": "To be looked at within 30 days",
    "reported": "That residents can report",
}
# What was done, as the page says it when one comes back to it.
DONE: Mapping[str, str] = {
    "saved": "The draft is saved. Residents do not see it yet.",
    "asked": "A second person is asked to look at it.",
    "approved": "The draft is approved. It can go out now.",
    "sent-back": "The draft went back to its author, with your note.",
    "published": "It is published. Residents are told so within seconds.",
    "scheduled": "It goes out by itself at its time.",
    "taken-back": "It goes out at no time. The draft is as it was.",
    "dropped": "The draft is dropped.",
    "merged": "Your draft now goes out from what the entry has become.",
}
