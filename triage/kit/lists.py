"""Settings that are lists: written with commas, read as tuples."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode


def _parted(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _for_fernet(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for key in keys:
        try:
            Fernet(key.get_secret_value())
        except ValueError as fault:
            raise ValueError("a key is 32 bytes in URL-safe base64") from fault
    return keys


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parted)]
Keys = Annotated[
    tuple[SecretStr, ...], NoDecode, BeforeValidator(_parted), AfterValidator(_for_fernet)
]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_parted)]
