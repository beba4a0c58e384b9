"""Addresses of the demonstration: the stand-in's API, as much of Twilio's as the line uses, and the phone.

All of them answer this machine alone; to everybody else, and unless the line is a demonstration, there is nothing here.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services_catalog.packs import City
from services_catalog.segments import ROOM
from triage.channels.files import static_files
from triage.demo.log import Picture, Point, Text
from triage.demo.page import FOLDER, Lines, phone_page
from triage.demo.standin import LONGEST_BODY, Refused, StandIn
from triage.kit.edge import Allowance

CARRIER_PATH = "/demo/carrier"
# The largest that carriers take with an MMS, and how much longer base64 makes it.
LARGEST_PICTURE = 5 * 1024 * 1024
DEMO_BODIES = (
    Allowance(re.compile(r"/demo/phone/texts"), LARGEST_PICTURE * 4 // 3 + 64 * 1024),
    Allowance(re.compile(rf"{CARRIER_PATH}/.*"), 64 * 1024),
)
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_FAULT = {"status": 400, "message": "The stand-in does not take this."}

Channel = Literal["sms", "whatsapp"]
Number = Annotated[str, Field(pattern=r"^\+141655501\d\d$")]


def _decoded(content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (TypeError, ValueError) as fault:
        raise ValueError("it is not base64") from fault


class SentPicture(BaseModel):
    """Something that goes with a text."""

    type: str = Field(pattern=r"^[\w.+-]{1,40}/[\w.+-]{1,60}$")
    content: Annotated[bytes, BeforeValidator(_decoded)] = Field(
        min_length=1, max_length=LARGEST_PICTURE
    )


class SentPlace(BaseModel):
    """A location that is shared."""

    lat: float = Field(ge=-90, le=90)
    long: float = Field(ge=-180, le=180)


class Sent(BaseModel):
    """What somebody sends with the phone."""

    model_config = ConfigDict(extra="forbid")

    number: Number
    channel: Channel = "sms"
    body: str = Field("", max_length=LONGEST_BODY)
    picture: SentPicture | None = None
    place: SentPlace | None = None

    @model_validator(mode="after")
    def _place_by_whatsapp(self) -> Sent:
        if self.place and self.channel != "whatsapp":
            raise ValueError("an SMS carries no location")
        return self


class Switch(BaseModel):
    """How the carrier is to be."""

    down: bool


def only_from_here(request: Request) -> None:
    """Let nobody in but this machine; a proxy on it would let in everybody."""
    is_handed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if is_handed_on or request.client is None or not _is_loopback(request.client.host):
        raise HTTPException(404)


def demo_routes(standin: StandIn, lines: Lines, city: City, asks: list[str]) -> APIRouter:
    """Return all routes of the demonstration."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(only_from_here)])
    routes.include_router(_phone(standin, lines, city, asks))
    routes.include_router(_carrier(standin))
    return routes


def _phone(standin: StandIn, lines: Lines, city: City, asks: list[str]) -> APIRouter:
    routes = APIRouter(prefix="/demo")
    page = phone_page(lines, city, asks, LARGEST_PICTURE)
    files = static_files(FOLDER / "static")

    def addresses(number: str, channel: Channel) -> tuple[str, str]:
        """Return the phone's and the line's address on a channel."""
        if channel == "sms" and lines.sms:
            return number, lines.sms
        if channel == "whatsapp" and lines.whatsapp:
            return f"whatsapp:{number}", lines.whatsapp
        raise HTTPException(404)

    @routes.get("/phone")
    async def show_the_phone() -> Response:
        """Show the page."""
        return page

    @routes.get("/static/{name}")
    async def file(request: Request, name: str) -> Response:
        """Return one of the page's files."""
        if name not in files:
            raise HTTPException(404)
        return files[name].answer(request, **{"Cache-Control": "no-cache"})

    @routes.get("/phone/texts")
    async def texts(number: Number, channel: Channel = "sms", seen: int = -1) -> dict[str, Any]:
        """Return a phone's texts, unless nothing has changed since the version that was seen."""
        told: dict[str, Any] = {"version": standin.log.version, "down": standin.is_down}
        if seen != standin.log.version:
            told["texts"] = [
                _shown(t) for t in standin.log.of_phone(*addresses(number, channel))
            ]
        return told

    @routes.post("/phone/texts", status_code=201)
    async def send(sent: Sent) -> dict[str, Any]:
        """Send a text to the line, signed here: the secret never reaches the browser."""
        picture = (
            Picture(sent.picture.type.lower(), sent.picture.content) if sent.picture else None
        )
        point = Point(sent.place.lat, sent.place.long) if sent.place else None
        number, line = addresses(sent.number, sent.channel)
        return _shown(await standin.send(number, line, sent.body, picture, point))

    @routes.get("/phone/pictures/{sid}")
    async def picture(sid: str) -> Response:
        """Return the picture that was sent with a text."""
        found = standin.log.picture(sid)
        # Nothing that a browser might take for a page of ours.
        if found is None or found.media_type not in _SHOWN:
            raise HTTPException(404)
        return Response(found.content, media_type=found.media_type)

    @routes.put("/phone/carrier", status_code=204)
    async def switch(how: Switch) -> Response:
        """Take the carrier down, or up again."""
        standin.be_down(how.down)
        return Response(status_code=204)

    return routes


def _carrier(standin: StandIn) -> APIRouter:
    def authorized(request: Request, account: str) -> None:
        if standin.is_down:
            raise HTTPException(503)
        if not standin.is_authorized(request.headers.get("authorization", "")):
            raise HTTPException(401)
        if not standin.is_account(account):
            raise HTTPException(404)

    routes = APIRouter(
        prefix=f"{CARRIER_PATH}/2010-04-01/Accounts", dependencies=[Depends(authorized)]
    )

    def found(sid: str) -> Text:
        text = standin.log.text(sid)
        if text is None:
            raise HTTPException(404)
        return text

    @routes.get("/{account}.json")
    async def the_account(account: str) -> dict[str, Any]:
        """Tell how the account is."""
        return {"sid": account, "status": "active"}

    @routes.post("/{account}/Messages.json", status_code=201)
    async def take_a_text(request: Request) -> Response:
        """Take a text for somebody."""
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        try:
            return JSONResponse(standin.take(form), status_code=201)
        except Refused as refusal:
            return JSONResponse({**_FAULT, "code": refusal.code}, status_code=400)

    @routes.get("/{account}/Messages.json")
    async def the_log(request: Request) -> dict[str, Any]:
        """Return a page of the log."""
        return standin.log.page(dict(request.query_params))

    @routes.get("/{account}/Messages/{sid}.json")
    async def a_text(sid: str) -> dict[str, Any]:
        """Return a text of the log."""
        return standin.log.told(found(sid))

    @routes.get("/{account}/Messages/{sid}/Media.json")
    async def media_of_a_text(sid: str) -> dict[str, Any]:
        """List what came with a text."""
        return standin.log.media(found(sid))

    @routes.get("/{account}/Messages/{sid}/Media/{media}")
    async def media(sid: str) -> Response:
        """Return what came with a text."""
        picture = standin.log.picture(sid)
        if picture is None:
            raise HTTPException(404)
        return Response(picture.content, media_type=picture.media_type)

    return routes


def _shown(text: Text) -> dict[str, Any]:
    """Return a text as the page shows it."""
    segments = text.segments
    room = ROOM[segments.encoding]
    is_single = segments.segments == 1
    return {
        "sid": text.sid,
        "by": _by(text),
        "body": text.body,
        "at": text.created_at.isoformat(),
        "status": text.way.value if text.is_inbound else text.status,
        "encoding": segments.encoding.value,
        "units": segments.units,
        "room": room.single if is_single else room.part * segments.segments,
        "segments": segments.segments,
        "place": [text.point.lat, text.point.long] if text.point else None,
        "has_picture": text.has_picture,
    }


def _by(text: Text) -> str:
    if text.is_inbound:
        return "phone"
    return "line" if text.direction == "outbound-api" else "carrier"


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
