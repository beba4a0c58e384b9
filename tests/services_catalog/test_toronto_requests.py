"""What Toronto's entries ask of a report can be answered, in a few steps, in residents' own words."""

from actions.intake.choosing import chosen
from services_catalog.definition import Attribute, Datatype, ServiceDefinition
from services_catalog.packs import load_city, read_entries
from services_catalog.readability import grade

DEFINITIONS: dict[str, ServiceDefinition] = {
    e.id: e.request for e in read_entries("toronto") if e.request
}
QUESTIONS = [(id, a) for id, d in DEFINITIONS.items() for a in d.attributes]
# Above this a report is a form to be filled in, and is given up.
MOST_REQUIRED = 5
HIGHEST_GRADE = 9.0


def ends(attribute: Attribute, key: str) -> bool:
    value = attribute.value_by_key[key]
    return bool(value.referral or value.instead or value.danger)


def test_each_answer_is_understood_by_its_number_its_label_and_its_other_words() -> None:
    misread = [
        (id, attribute.code, value.key, said)
        for id, attribute in QUESTIONS
        for number, value in enumerate(attribute.values, 1)
        for said in (str(number), value.name, *value.words)
        if chosen(attribute, said) != (value.key,)
    ]
    assert misread == []


def test_a_report_asks_only_a_few_things_that_must_be_answered() -> None:
    for id, definition in DEFINITIONS.items():
        always = [a.code for a in definition.missing({}) if not a.only_if]
        assert len(always) <= MOST_REQUIRED, id


def test_every_question_can_be_answered_so_that_the_report_goes_on() -> None:
    for id, attribute in QUESTIONS:
        open_answers = [v.key for v in attribute.values if not ends(attribute, v.key)]
        assert open_answers or not attribute.datatype.is_list, (id, attribute.code)


def test_questions_are_plain() -> None:
    for id, attribute in QUESTIONS:
        assert grade(attribute.description) <= HIGHEST_GRADE, (id, attribute.description)


def test_only_what_stands_in_public_space_is_shown_in_public_feeds() -> None:
    personal = {"no_heat", "apartment_repairs", "animal_noise", "noise_music_party", "street_outreach", "dog_bite",
                "property_standards", "multi_tenant_house", "sewer_backup_basement_flooding"}  # fmt: skip
    assert not [id for id in personal if DEFINITIONS[id].public]


def test_who_needs_a_complainant_does_not_take_anonymous_reports() -> None:
    # By-law officers contact whoever complains before they begin (the City's own pages say so).
    for id in (
        "animal_noise",
        "dog_bite",
        "property_standards",
        "noise_music_party",
        "no_heat",
        "apartment_repairs",
    ):
        assert not DEFINITIONS[id].anonymous, id


def test_a_promise_names_where_it_was_read() -> None:
    for id, definition in DEFINITIONS.items():
        standard = definition.standard
        assert (
            standard is None or standard.source.startswith("https://") or standard.unverified
        ), id


def test_every_kind_of_danger_that_an_answer_means_has_a_text() -> None:
    texts = load_city("toronto").safety
    named = {v.danger for _, a in QUESTIONS for v in a.values if v.danger}
    assert {"collapse", "medical", "wire"} <= named <= set(texts)


def test_photos_are_offered_and_never_asked_for() -> None:
    photos = [(id, a) for id, a in QUESTIONS if a.datatype is Datatype.PHOTO]
    assert photos
    assert not [id for id, a in photos if a.required]
