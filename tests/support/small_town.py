"""A small catalogue to test against: a dozen entries of an invented town, in a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.definition import (
    Attribute,
    AttributeValue,
    Datatype,
    ServiceDefinition,
    ServiceStandard,
    StandardUnit,
)
from services_catalog.encoder import open_encoder
from services_catalog.live import LiveCatalogue
from services_catalog.model import Aspect, Confusion, Contact, Fact, Kind, ServiceEntry
from services_catalog.packs import City
from services_catalog.search.calibration import Calibration, Mode, Weights

TODAY = date(2026, 3, 2)
TOWN = City(
    id="smalltown",
    name="Smalltown",
    phone="311",
    phone_outside="555-0100",
    hours="24 hours a day, every day",
    timezone="America/Toronto",
    languages=("en",),
    website="https://smalltown.example",
    welcome="Hello!",
    safety={"wire": "Stay away from the wire and call 911 now."},
    language_notice={
        "fr": "Bonjour! En français, appelez le 311.",
        "other": "This assistant reads English only. Call 311.",
    },
    elsewhere=("Bigtown",),
    lookups={"find_ward": "ward", "collection_day": "collection"},
)


def make_entry(
    id: str,
    title: str,
    summary: str,
    *,
    kind: Kind = Kind.INFORMATION,
    facts: Iterable[Fact] = (),
    also_called: Iterable[str] = (),
    questions: Iterable[str] = (),
    confused_with: Iterable[Confusion] = (),
    review_by: date = date(2027, 1, 1),
    request: ServiceDefinition | None = None,
) -> ServiceEntry:
    """Build an entry; say only what matters."""
    return ServiceEntry(
        id=id,
        kind=kind,
        title=title,
        division="Works",
        summary=summary,
        sms=summary[:160],
        contact=Contact(),
        facts=tuple(facts) or (Fact(Aspect.WHAT, summary),),
        also_called=tuple(also_called),
        questions=tuple(questions),
        source_url=f"https://smalltown.example/{id}",
        last_verified=date(2026, 1, 15),
        review_by=review_by,
        owner="works@smalltown.example",
        request=request,
        confused_with=tuple(confused_with),
    )


POTHOLE = ServiceDefinition(
    attributes=(
        Attribute(
            "size",
            "How big is the hole?",
            Datatype.SINGLEVALUELIST,
            values=(
                AttributeValue("small", "Smaller than a plate", words=("small", "little")),
                AttributeValue("large", "Bigger than a plate", words=("huge", "big", "large")),
            ),
        ),
        Attribute("damage", "Did it damage a car?", Datatype.YES_NO, required=False),
    ),
    anonymous=True,
    standard=ServiceStandard(4, StandardUnit.WORKING_DAYS),
    join_within=50,
    public=True,
    request_types=("Pothole",),
)
CITY_TREE = ServiceDefinition(
    attributes=(
        Attribute(
            "land",
            "Where does the tree stand?",
            Datatype.SINGLEVALUELIST,
            values=(
                AttributeValue(
                    "city", "On the boulevard or in a park", words=("boulevard", "park")
                ),
                AttributeValue(
                    "private",
                    "In a yard",
                    words=("yard", "my property"),
                    referral="A tree in a yard is its owner's to look after. A tree company can prune it.",
                ),
            ),
        ),
        Attribute("reason", "What is wrong with the tree?", Datatype.TEXT),
    ),
    anonymous=False,
    standard=ServiceStandard(56, StandardUnit.DAYS),
    join_within=20,
)

FALLEN_BRANCH = ServiceDefinition(
    attributes=(
        Attribute(
            "on",
            "On what did it fall?",
            Datatype.SINGLEVALUELIST,
            values=(
                AttributeValue("car", "A car", words=("car", "truck")),
                AttributeValue("road", "The road", words=("road", "street")),
                AttributeValue("wire", "A wire", words=("wire", "power line"), danger="wire"),
            ),
        ),
        Attribute("when", "When did it fall?", Datatype.DATETIME),
    ),
    standard=ServiceStandard(24, StandardUnit.HOURS),
)

ENTRIES = (
    make_entry(
        "garbage_day",
        "Garbage day",
        "We collect garbage every second week. Put your bin at the curb by 7 a.m. on your day.",
        facts=[
            Fact(
                Aspect.HOURS,
                "There is no collection on New Year's Day; it moves to the next day.",
            ),
            Fact(Aspect.COST, "A large bin costs 30 dollars a month.", as_of="2018"),
            Fact(Aspect.DEADLINE, "The bin must be out by 7 a.m.", unverified=True),
        ],
        also_called=["garbage day", "trash day", "garbage pickup"],
        questions=[
            "when is my garbage day",
            "what day do you collect garbage on my street",
            "when do i put out the trash",
        ],
    ),
    make_entry(
        "parking_ticket",
        "Pay a parking ticket",
        "Pay your parking ticket online, by mail or at a service counter within 15 days.",
        facts=[
            Fact(Aspect.COST, "Paying late adds 25 dollars.", as_of="2025"),
            Fact(Aspect.DOCUMENTS, "Have the ticket number and your plate number ready."),
            Fact(Aspect.HOURS, "Counters are open from 8:30 a.m. to 4 p.m. on weekdays."),
        ],
        also_called=["parking ticket", "parking fine"],
        questions=["how do i pay a parking ticket", "where can i pay my parking fine"],
    ),
    make_entry(
        "pothole",
        "Pothole",
        "To report a pothole, call 311 or use our website. Have the street and the nearest number ready.",
        kind=Kind.REQUEST,
        request=POTHOLE,
        facts=[Fact(Aspect.TIME, "We aim to fill potholes on main roads in four days.")],
        also_called=["pothole", "hole in the road"],
        questions=["there is a huge pothole on my street", "a hole in the road broke my tire"],
    ),
    make_entry(
        "city_tree",
        "City tree pruning",
        "The City prunes trees on City land. To ask for it, call 311 with the address.",
        kind=Kind.REQUEST,
        request=CITY_TREE,
        also_called=["tree pruning", "branches", "prune a tree"],
        questions=[
            "the tree branches hang too low",
            "please prune the tree in front of my house",
        ],
        confused_with=[
            Confusion(
                "private_tree",
                "Does the tree stand on City land or on private land?",
                "On City land",
                "On private land",
            )
        ],
    ),
    make_entry(
        "fallen_branch",
        "Fallen branch",
        "We take away branches that fell from City trees. Call 311 and say what the branch fell on.",
        kind=Kind.REQUEST,
        request=FALLEN_BRANCH,
        also_called=["fallen branch", "branch down"],
        questions=["a big branch fell on my car", "a branch fell on the road"],
    ),
    make_entry(
        "private_tree",
        "Private tree permit",
        "You need a permit to cut or prune a large tree on private land.",
        facts=[Fact(Aspect.COST, "A permit costs 130 dollars.", as_of="2026")],
        also_called=["tree permit", "prune my own tree"],
        questions=["do i need a permit to cut my tree", "can i prune the tree in my yard"],
    ),
    make_entry(
        "swimming_pools",
        "Swimming pools",
        "Our indoor pools are open all year. Swimming is free for children.",
        kind=Kind.PLACE,
        facts=[Fact(Aspect.HOURS, "Pools open at 6 a.m. and close at 9 p.m.")],
        also_called=["pool", "swimming"],
        questions=["when does the pool open", "where can i go swimming"],
        review_by=date(2026, 2, 1),
    ),
    make_entry(
        "find_ward",
        "Find my ward",
        "Every address is in one ward, and each ward has a councillor.",
        also_called=["ward", "councillor"],
        questions=["what ward am i in", "who is my councillor", "which ward is my house in"],
    ),
    make_entry(
        "collection_day",
        "Collection day",
        "Which day the green bin is collected depends on your address.",
        also_called=["green bin day", "collection day"],
        questions=["when is the green bin collected", "what is my collection day"],
    ),
    make_entry(
        "dog_licence",
        "Dog licence",
        "Every dog needs a licence. Buy it online or by phone.",
        facts=[Fact(Aspect.COST, "A licence costs 25 dollars a year.")],
        also_called=["dog licence", "pet tag"],
        questions=["how do i license my dog", "do i need a tag for my dog"],
    ),
)
UNCOVERED = (
    "what is the weather tomorrow",
    "who won the hockey game",
    "tell me a joke",
    "how do i cook rice",
    "my phone screen is cracked",
)


def simple_calibration() -> Calibration:
    """Return weights set by hand: sure where words and the nearest example agree."""

    def weights(signals: list[float]) -> Weights:
        return Weights(
            signals=np.array(signals, np.float32),
            uncovered=0.0,
            # log odds, behind best, ahead of next, nearest, best lexical, known, short, lexical, ahead of uncovered
            evidence=np.array([1.0, 0, 0, 6.0, 2.0, 0, 0, 0, 0], np.float32),
            bias=-7.0,
            answer=0.9,
            choices=0.2,
        )

    return Calibration(
        {
            Mode.ALL: weights([2, 2, 8, 0.5, 0]),
            Mode.NEAREST: weights([2, 2, 8, 0.5]),
            Mode.WORDS_AND_LINEAR: weights([10, 5, 0]),
            Mode.WORDS: weights([10, 5]),
        }
    )


def open_town(
    folder: Path,
    entries: Iterable[ServiceEntry] = ENTRIES,
    *,
    city: str = TOWN.id,
    file: str = "town.db",
) -> LiveCatalogue:
    """Write the catalogue to a database in `folder`, and follow it. Close it after use."""
    engine = open_database(f"sqlite:///{folder / file}")
    store.create_tables(engine)
    entries = tuple(entries)
    if entries:
        change = store.Change(entries, uncovered=UNCOVERED)
        store.apply(engine, city, change, by="test", reason="a town to test with")
    live = LiveCatalogue(engine, city, encoder=open_encoder(), calibration=simple_calibration())
    live.start()
    return live
