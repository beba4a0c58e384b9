"""What is wrong with a pack's `forward`, held against its catalogue: lines and sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services_catalog.definition import Datatype
from services_catalog.model import ServiceEntry
from triage.routing.forwards import Forward, forward_of
from triage.routing.pack import Routing

Said = tuple[int, str]

_IN_OWN_WORDS = (Datatype.STRING, Datatype.TEXT)


def check_forwards(
    routing: Routing, entries: Sequence[ServiceEntry], queues: Mapping[str, set[str]]
) -> Iterator[Said]:
    """Return the line and the sentence of each fault.

    Args:
        entries: those that can be reported.
        queues: of each entry's id, the queues that its reports may go to.
    """
    known = {e.id: e for e in entries}
    for forward in routing.forwards:
        for says in (
            *_names(forward, routing, known),
            *_codes(forward, routing, queues),
            *_attributes(forward, known),
        ):
            yield forward.line, f"'forward' {forward.id!r} {says}"


def _names(
    forward: Forward, routing: Routing, known: Mapping[str, ServiceEntry]
) -> Iterator[str]:
    for id in dict.fromkeys((*forward.services, *forward.service_codes, *forward.attributes)):
        if id not in known:
            yield f"names {id!r}: there is no service that can be reported of that name."
    for id in forward.queues:
        if id not in routing.queues:
            yield f"names {id!r}: there is no queue of that name."


def _codes(forward: Forward, routing: Routing, queues: Mapping[str, set[str]]) -> Iterator[str]:
    taken: set[str] = set()
    for service, of_service in queues.items():
        for queue in sorted(of_service):
            if forward_of(routing.forwards, service, queue) is forward:
                taken.add(service)
    for service in sorted(taken - forward.service_codes.keys()):
        yield f"takes {service!r}, and 'service_codes' does not say what that is called there."
    for service in forward.services:
        if service in queues and service not in taken:
            yield f"never gets {service!r}: one above it takes it."
    for service in sorted(forward.service_codes.keys() & queues.keys() - taken):
        if service not in forward.services:
            yield f"has a code for {service!r}, which it never gets."


def _attributes(forward: Forward, known: Mapping[str, ServiceEntry]) -> Iterator[str]:
    for service, questions in forward.attributes.items():
        request = known[service].request if service in known else None
        if request is None:
            continue
        for code, theirs in questions.items():
            asked = request.by_code.get(code)
            if asked is None:
                yield f"names {code!r}, which {service!r} does not ask."
                continue
            if asked.datatype is Datatype.PHOTO:
                yield f"names {code!r} of {service!r}, a photo: photos are not forwarded."
            elif asked.datatype in _IN_OWN_WORDS and not forward.words:
                yield (
                    f"names {code!r} of {service!r}, which residents answer in their own words: 'words' is false."
                )
            for key in theirs.values:
                if key not in asked.value_by_key:
                    yield f"names {key!r}, which is no answer to {code!r} of {service!r}."
