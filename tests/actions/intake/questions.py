"""Questions of an invented entry, one of each kind, for tests of the intake's rules."""

from services_catalog.definition import (
    Attribute,
    AttributeValue,
    Datatype,
    LocationRule,
    ServiceDefinition,
)

LAND = Attribute(
    "land",
    "Where does it stand?",
    Datatype.SINGLEVALUELIST,
    values=(
        AttributeValue("street", "On the boulevard", words=("boulevard", "by the sidewalk")),
        AttributeValue("park", "In a park", words=("park",)),
        AttributeValue(
            "yard", "In a yard", words=("yard", "my property"), referral="Ask the owner."
        ),
        AttributeValue("not_sure", "Not sure"),
    ),
)
TROUBLES = Attribute(
    "troubles",
    "What is wrong?",
    Datatype.MULTIVALUELIST,
    values=(
        AttributeValue("heat", "No heat", words=("no heat",)),
        AttributeValue("pests", "Pests", words=("mice", "rats", "cockroach")),
        AttributeValue("mould", "Mould", words=("mold",)),
        AttributeValue("other", "Something else"),
    ),
)
WIRES = Attribute(
    "wires",
    "Does it touch a wire?",
    Datatype.YES_NO,
    values=(
        AttributeValue("yes", "Yes", words=("wire", "power line"), danger="wire"),
        AttributeValue("no", "No"),
    ),
)
SINCE = Attribute("since", "Since when?", Datatype.DATETIME)
COUNT = Attribute("count", "How many are there?", Datatype.NUMBER)
REASON = Attribute("reason", "What happened?", Datatype.TEXT)
SINK = Attribute(
    "sink",
    "Is it only one sink?",
    Datatype.YES_NO,
    values=(AttributeValue("yes", "Yes", instead="plumber"), AttributeValue("no", "No")),
)
PHOTO = Attribute("photo", "A photo", Datatype.PHOTO, required=False)
DEPTH = Attribute("depth", "How deep is it?", Datatype.NUMBER, required=False)
PARK_NAME = Attribute(
    "park_name", "Which park is it?", Datatype.STRING, only_if={"land": ("park",)}
)


def definition(
    *attributes: Attribute,
    location: LocationRule = LocationRule.REQUIRED,
    anonymous: bool = True,
    join_within: int = 0,
) -> ServiceDefinition:
    return ServiceDefinition(
        attributes, location=location, anonymous=anonymous, join_within=join_within
    )
