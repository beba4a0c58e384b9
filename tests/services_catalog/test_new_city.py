"""A new city's pack: it passes every check as it is written, answers, and says what is still made up."""

from datetime import date
from pathlib import Path

import pytest

from services_catalog.cli import main
from services_catalog.new_city import files_of, id_of, left_over, write_pack
from services_catalog.packs import PackError, load_city, read_entries, read_uncovered
from services_catalog.transfer import check_pack
from triage.routing.checks import check_routing
from triage.routing.pack import load_routing

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    "name", ["Thunder Bay", "St. Catharines", "Val-d'Or", "Québec", "London"]
)
def test_a_new_pack_passes_every_check(name: str, tmp_path: Path) -> None:
    id = id_of(name)
    write_pack(id, files_of(name, TODAY), tmp_path)
    assert check_pack(id, tmp_path) == []
    entries = read_entries(id, tmp_path)
    assert check_routing(load_routing(id, tmp_path), entries) == []
    assert [e.id for e in entries] == [f"{id}_contact"]
    assert load_city(id, tmp_path).name == name
    assert len(read_uncovered(id, tmp_path)) > 500


def test_what_is_given_is_in_every_file_and_the_rest_is_said_to_be_made_up(
    tmp_path: Path,
) -> None:
    write_pack("a", files_of("Thunder Bay", TODAY), tmp_path)
    assert [f.stops for f in left_over(load_city("a", tmp_path))] == [False, False]
    given = files_of("Thunder Bay", TODAY, "807-555-0100", "https://www.thunderbay.test")
    write_pack("b", given, tmp_path)
    city = load_city("b", tmp_path)
    assert list(left_over(city)) == []
    assert city.phone_anywhere == "807-555-0100"
    assert city.jurisdiction_id == "thunderbay.test"
    assert all("$" not in text for text in given.values())


def test_a_city_is_not_elsewhere_to_itself() -> None:
    assert (
        "London"
        not in files_of("London", TODAY)["city.yaml"].split("elsewhere: [")[1].split("]")[0]
    )
    assert "London" in files_of("Guelph", TODAY)["city.yaml"]


@pytest.mark.parametrize("name", ["", "x", "../etc", "a\nb", '"', "$phone", "1st"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(PackError, match="no name for a city"):
        files_of(name, TODAY)


@pytest.mark.parametrize(
    ("phone", "website"), [("call me", ""), ("", "thunderbay"), ("", "https://a b")]
)
def test_what_is_no_number_or_address_is_refused(phone: str, website: str) -> None:
    with pytest.raises(PackError, match="is no"):
        files_of("Thunder Bay", TODAY, phone, website)


def test_a_pack_that_is_there_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-city", "Toronto"]) == 1
    assert "already" in capsys.readouterr().err


def test_an_unknown_matter_is_named_with_those_there_are(tmp_path: Path) -> None:
    folder = write_pack("a", files_of("Thunder Bay", TODAY), tmp_path)
    (folder / "uncovered.yaml").write_text("- {matter: chilcare}\n", encoding="utf-8")
    with pytest.raises(PackError, match="child_care"):
        read_uncovered("a", tmp_path)
    (folder / "uncovered.yaml").write_text("- {mater: child_care}\n", encoding="utf-8")
    with pytest.raises(PackError, match="in quotes"):
        read_uncovered("a", tmp_path)
