"""The outside endpoints with their keys, which come from the environment and are nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services_catalog.packs import PackError
from triage.routing.forwards import Forward
from triage.routing.pack import FILE


@dataclass(frozen=True)
class Target:
    """An outside endpoint, ready to be spoken with."""

    forward: Forward
    api_key: str = field(repr=False)

    @property
    def id(self) -> str:
        """Its name in routing.yaml."""
        return self.forward.id


def with_keys(
    forwards: Sequence[Forward], environment: Mapping[str, str]
) -> Mapping[str, Target]:
    """Return the endpoints by their ids.

    Raises:
        PackError: the key of one is not set.
    """
    for forward in forwards:
        if not environment.get(forward.api_key_env, "").strip():
            raise PackError(
                f"{FILE}, line {forward.line}: the key of 'forward' {forward.id!r} is read from the environment "
                f"variable {forward.api_key_env}, which is not set."
            )
    return {f.id: Target(f, environment[f.api_key_env].strip()) for f in forwards}
