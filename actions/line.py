"""What every action works with: the live catalogue, the city and its places, the day. Assembled in wiring.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.replies import Reply
from services_catalog.live import LiveCatalogue, Snapshot
from services_catalog.notices.model import Posted, nothing_posted
from services_catalog.packs import PLACE_EXAMPLES, City
from services_catalog.places.live import Where
from services_catalog.search.choose import Here


class CatalogueEmpty(Exception):
    """There is nothing to answer from: the city pack was never imported. Better no answer than an invented one."""


@dataclass(frozen=True)
class Line:
    """The information line of one city."""

    catalogue: LiveCatalogue
    city: City
    where: Callable[[], Where]
    today: Callable[[], date]
    # What keeps the newest tables of places from being read; empty: nothing.
    places_fault: Callable[[], str] = str
    # What the City says just now about places and services.
    notices: Callable[[], Posted] = nothing_posted
    # The address that the outside knows the line by; empty: none is said.
    public_url: str = ""

    @property
    def here(self) -> Here:
        """The city as search needs it."""
        return Here(self.city.name, self.city.elsewhere)

    @property
    def only_tells(self) -> bool:
        """Say whether the pack has no places to find and nothing to report, so that all it can do is answer."""
        has_places = bool(self.where().gazetteer.places)
        return not has_places and not any(e.requestable for e in self.now().catalogue.entries)

    def now(self) -> Snapshot:
        """Return the catalogue as it stands.

        Raises:
            CatalogueEmpty: it holds no entry.
        """
        snapshot = self.catalogue.now()
        if not snapshot.catalogue.entries:
            raise CatalogueEmpty(
                f"The catalogue of {self.city.id} is empty: run `python -m services_catalog import`."
            )
        return snapshot

    def say(self, replies: Sequence[Reply], dispatcher: CollectingDispatcher) -> None:
        """Hand the replies to the assistant, one message each, in order."""
        for reply in replies:
            dispatcher.utter_message(
                response=reply.wording.value if reply.wording else None,
                json_message=reply.fields(),
                **(self._filling(reply) if reply.wording else {}),
            )

    def _filling(self, reply: Reply) -> dict[str, Any]:
        return {
            "city": self.city.name,
            "phone": self.city.phone,
            # Named by the wordings of models that were trained before phone_anywhere came.
            "phone_outside": self.city.phone_outside,
            "hours": self.city.hours,
            "phone_and_hours": self.city.phone_and_hours,
            "phone_anywhere": self.city.phone_anywhere,
            "website": self.city.website,
            **{f"like_{kind}": self.city.like(kind) for kind in PLACE_EXAMPLES},
            **reply.filled_with,
        }
