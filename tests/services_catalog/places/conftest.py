import pytest

from services_catalog.places.tables import Gazetteer, read_gazetteer


@pytest.fixture(scope="session")
def toronto() -> Gazetteer:
    return read_gazetteer("toronto")
