"""Whether a webhook is the carrier's: Twilio signs the public address and every field that it sends.

The computation is that of Twilio's own library; what is signed, and that nothing unsigned gets through, is said here.
Nothing in a signature says when it was made: that the same message comes again is seen by its id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import (
    HMAC_SHA1,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from triage.texting.errors import SignatureWrong, WebhookNotReadable

_JSON = "application/json"
_BODY_HASH = "bodySHA256="


class Signatures:
    """Checks webhooks that come to one public address.

    Args:
        public_url: the address that the carrier calls, without a path; what a proxy makes of it does not matter.
        auth_token: of the account; signs with SHA-1.
        signing_key: a SharedKey's secret, which signs with SHA-256 where the account says so; empty: there is none.
    """

    def __init__(self, public_url: str, auth_token: str, signing_key: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._by_token = RequestValidator(auth_token)
        self._by_key = RequestValidator(signing_key) if signing_key else None

    def fields_of(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, str]:
        """Return what a webhook says, once it is known to be the carrier's.

        Args:
            path_and_query: as it was called, escapes and all.
            headers: looked up in any case of letters.

        Raises:
            SignatureWrong: it is not signed, or not by the carrier, or not for this.
            WebhookNotReadable: it is signed, and neither a form nor a flat JSON object.
        """
        text = body.decode("utf-8", "replace")
        is_json = headers.get("content-type", "").partition(";")[0].strip().lower() == _JSON
        if is_json:
            # Only its hash in the query is signed.
            is_hashed = _BODY_HASH in path_and_query.partition("?")[2]
            self._check(path_and_query, headers, text if is_hashed else None)
            return _flat(text)
        # Fields without a value are signed too.
        fields = parse_qsl(text, keep_blank_values=True)
        self._check(path_and_query, headers, ImmutableMultiDict(fields))
        return dict(fields)

    def _check(
        self, path_and_query: str, headers: Mapping[str, str], signed: object | None
    ) -> None:
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        # A header that only an attacker would write shall not choose which secret is tried with which algorithm.
        validator = self._by_token if algorithm == HMAC_SHA1 else self._by_key
        signature = headers.get(SIGNATURE_HEADER, "")
        if signed is None or validator is None or not signature:
            raise SignatureWrong
        if not validator.validate(
            self._public_url + path_and_query, signed, signature, algorithm
        ):
            raise SignatureWrong


def _flat(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except ValueError as fault:
        raise WebhookNotReadable from fault
    if not isinstance(read, dict):
        raise WebhookNotReadable
    return {name: str(value) for name, value in read.items() if value is not None}
