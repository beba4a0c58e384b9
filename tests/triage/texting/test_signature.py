"""Only what the carrier signed for this address is read."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from twilio.request_validator import RequestValidator

from triage.texting.errors import SignatureWrong, WebhookNotReadable
from triage.texting.signature import Signatures

TOKEN, KEY = "12345", "a shared key"
PUBLIC = "https://311.example.org"
PATH = "/webhooks/sms/twilio"
TEXT = {
    "MessageSid": "SM0000000000000000000000000000000a",
    "AccountSid": "AC0000000000000000000000000000000a",
    "From": "+14165550100",
    "To": "+14165550311",
    "Body": "when is garbage day",
    "NumMedia": "0",
    "NumSegments": "1",
}


def headers(signature: str, **more: str) -> Headers:
    given = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Headers(given | {k.replace("_", "-"): v for k, v in more.items()})


def body(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


@pytest.mark.parametrize(
    ("public_url", "path", "fields", "signature"),
    [
        (
            "https://mycompany.com",
            "/myapp.php?foo=1&bar=2",
            {
                "CallSid": "CA1234567890ABCDE",
                "Caller": "+14158675309",
                "Digits": "1234",
                "From": "+14158675309",
                "To": "+18005551212",
            },
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (PUBLIC, PATH, TEXT, "jxpvucPYhkjm8kz+1ZdgKPDO5kI="),
    ],
)
def test_published_and_precomputed_signatures_are_accepted(
    public_url: str, path: str, fields: dict[str, str], signature: str
) -> None:
    found = Signatures(public_url, TOKEN, "").fields_of(path, headers(signature), body(fields))
    assert found == fields


SIGNED = "jxpvucPYhkjm8kz+1ZdgKPDO5kI="


@pytest.mark.parametrize(
    ("signatures", "path", "signature", "fields"),
    [
        (Signatures(PUBLIC, "54321", ""), PATH, SIGNED, TEXT),
        (Signatures("https://other.example.org", TOKEN, ""), PATH, SIGNED, TEXT),
        (Signatures(PUBLIC, TOKEN, ""), PATH + "?x=1", SIGNED, TEXT),
        (Signatures(PUBLIC, TOKEN, ""), PATH, SIGNED, TEXT | {"Body": "other words"}),
        (Signatures(PUBLIC, TOKEN, ""), PATH, SIGNED, TEXT | {"New": ""}),
        (Signatures(PUBLIC, TOKEN, ""), PATH, "", TEXT),
        (Signatures(PUBLIC, TOKEN, ""), PATH, "jxpvucPYhkjm8kz+1ZdgKPDO5kA=", TEXT),
    ],
    ids=["token", "address", "query", "value", "new field", "none", "signature"],
)
def test_what_is_not_signed_so_is_refused(
    signatures: Signatures, path: str, signature: str, fields: dict[str, str]
) -> None:
    with pytest.raises(SignatureWrong):
        signatures.fields_of(path, headers(signature), body(fields))


@given(
    st.dictionaries(st.text(st.characters(codec="ascii"), min_size=1), st.text(), max_size=8)
)
def test_whatever_the_fields_are_the_carriers_signature_fits(fields: dict[str, str]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH, fields)
    found = Signatures(PUBLIC, TOKEN, "").fields_of(
        PATH, headers(signature), urlencode(fields, errors="replace").encode()
    )
    assert found == fields


SETTINGS = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"


def test_a_shared_key_signs_with_sha_256() -> None:
    signature = RequestValidator(KEY).compute_signature(PUBLIC + PATH, TEXT, "HMAC_SHA256")
    told = headers(signature, X_Twilio_Webhooks_Signature_Settings=SETTINGS)
    assert Signatures(PUBLIC, TOKEN, KEY).fields_of(PATH, told, body(TEXT)) == TEXT
    with pytest.raises(SignatureWrong):
        Signatures(PUBLIC, TOKEN, "").fields_of(PATH, told, body(TEXT))
    with pytest.raises(SignatureWrong):
        Signatures(PUBLIC, TOKEN, KEY).fields_of(PATH, headers(signature), body(TEXT))


@pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "HMAC_MD5", "none", "hmac_sha1"])
def test_a_header_cannot_have_the_token_used_otherwise(algorithm: str) -> None:
    for secret in (TOKEN, ""):
        known = "HMAC_SHA256" if algorithm == "HMAC_SHA256" else "HMAC_SHA1"
        signature = RequestValidator(secret).compute_signature(PUBLIC + PATH, TEXT, known)
        told = headers(
            signature, X_Twilio_Webhooks_Signature_Settings=f"key=x,algorithm={algorithm}"
        )
        with pytest.raises(SignatureWrong):
            Signatures(PUBLIC, TOKEN, KEY).fields_of(PATH, told, body(TEXT))


def json_call(content: bytes, hashed: bytes | None) -> tuple[str, Headers]:
    path = PATH + (f"?bodySHA256={hashlib.sha256(hashed).hexdigest()}" if hashed else "")
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, {})
    return path, Headers({"X-Twilio-Signature": signature, "Content-Type": "application/json"})


def test_json_is_read_when_its_hash_is_signed() -> None:
    signatures = Signatures(PUBLIC, TOKEN, "")
    content = json.dumps(TEXT | {"NumMedia": 0, "Nothing": None}).encode()
    path, told = json_call(content, content)
    assert signatures.fields_of(path, told, content) == TEXT
    with pytest.raises(SignatureWrong):
        signatures.fields_of(path, told, content.replace(b"garbage", b"recycle"))
    for unhashed in (content, b"", b"[]"):
        path, told = json_call(unhashed, None)
        with pytest.raises(SignatureWrong):
            signatures.fields_of(path, told, unhashed)


def test_signed_json_that_is_no_object_is_not_readable() -> None:
    for content in (b"[1]", b"not json"):
        path, told = json_call(content, content)
        with pytest.raises(WebhookNotReadable):
            Signatures(PUBLIC, TOKEN, "").fields_of(path, told, content)
