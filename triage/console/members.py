"""Who is staff: administrators add people, say what they are, and let in who lost the password or the phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from triage.console.context import Here
from triage.console.guard import needs
from triage.console.pages import page
from triage.console.routes import console_router
from triage.console.sign_in import Field
from triage.errors import TriageError
from triage.staff.errors import EmailTaken, LastAdministrator
from triage.staff.roles import Member, Right, Role

routes = console_router("/members")

Manager = Annotated[Member, needs(Right.MANAGE_STAFF)]
# What changes who gets in.
ProvedManager = Annotated[Member, needs(Right.MANAGE_STAFF, proved=True)]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_NAME = 120
# What can be told on the list after a change.
_DONE = {
    "saved": "The change is saved. It holds from their next click on.",
    "disabled": "The account is disabled. Every session of it has ended.",
    "enabled": "The account can be used again, with the password it had.",
}


class FormNotValid(TriageError):
    """Something in the form has to be put right."""

    status = 422
    code = "form_not_valid"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field)
        self.field, self._why = field, why

    @property
    def words(self) -> str:
        return self._why


@dataclass(frozen=True)
class Given:
    """What was filled in."""

    email: str = ""
    name: str = ""
    role: str = Role.AGENT
    all_queues: bool = True
    queues: tuple[str, ...] = ()

    @property
    def queues_seen(self) -> frozenset[str] | None:
        """The queues as an account keeps them; None: all."""
        return None if self.all_queues else frozenset(self.queues)


def _given(email: str, name: str, role: str, sees: str, queue: list[str] | None) -> Given:
    return Given(email.strip(), name.strip(), role, sees == "all", tuple(queue or ()))


def _checked(given: Given, console: Here) -> Role:
    """Return the role, once everything is as it must be.

    Raises:
        FormNotValid: it is not.
    """
    if not given.name or len(given.name) > _LONGEST_NAME:
        raise FormNotValid("name", "Write the name as colleagues know it.")
    if given.role not in list(Role):
        raise FormNotValid("role-agent", "Choose a role.")
    if not set(given.queues) <= set(console.parts.routing.queues):
        raise FormNotValid("sees-all", "One of the queues is not there any more. Choose again.")
    return Role(given.role)


@routes.get("")
async def members(
    request: Request, console: Here, member: Manager, done: str = Query("")
) -> Response:
    """List everybody."""
    accounts = await console.parts.staff.accounts.all()
    return page(
        request,
        member,
        "members.html",
        accounts=accounts,
        queues=console.parts.routing.queues,
        done=_DONE.get(done, ""),
    )


def _form(
    request: Request,
    console: Here,
    member: Member,
    given: Given,
    error: FormNotValid | EmailTaken | LastAdministrator | None = None,
    **values: Any,
) -> Response:
    return page(
        request,
        member,
        "member.html",
        status=error.status if error else 200,
        given=given,
        roles=_ROLES,
        queues=sorted(console.parts.routing.queues.values(), key=lambda q: q.name),
        fault=error.words if error else "",
        fault_at=error.field if isinstance(error, FormNotValid) else "",
        **({"account": None} | values),
    )


# What a role is, for who chooses one.
_ROLES = {
    Role.AGENT: "Answers residents and works cases.",
    Role.SUPERVISOR: "An agent who also sees the board and exports lists.",
    Role.MAINTAINER: "Keeps the catalogue right. Sees what is reported, not by whom.",
    Role.AUDITOR: "Reads what staff did, and nothing else.",
    Role.ADMINISTRATOR: "Manages accounts and reads what staff did. Sees no residents.",
}


@routes.get("/new")
async def new_member(request: Request, console: Here, member: ProvedManager) -> Response:
    """Show the form for somebody new."""
    return _form(request, console, member, Given())


@routes.post("/new")
async def add_member(
    request: Request,
    console: Here,
    member: ProvedManager,
    email: Field = "",
    name: Field = "",
    role: Field = "",
    sees: Field = "all",
    queue: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Add somebody, and show their first password: only now."""
    given = _given(email, name, role, sees, queue)
    try:
        if not _EMAIL.fullmatch(given.email):
            raise FormNotValid("email", "Write the email as anna@city.example.")
        chosen = _checked(given, console)
        added, password = await console.parts.staff.accounts.add(
            member, given.email, given.name, chosen, given.queues_seen
        )
    except (FormNotValid, EmailTaken) as error:
        return _form(request, console, member, given, error)
    return page(request, member, "member_password.html", owner=added, password=password)


@routes.get("/{member_id}")
async def one_member(
    request: Request, console: Here, member: ProvedManager, member_id: str
) -> Response:
    """Show somebody's account."""
    account = await console.parts.staff.accounts.account(member_id)
    shown = account.member
    given = Given(
        shown.email,
        shown.name,
        shown.role,
        shown.queues is None,
        tuple(shown.queues or ()),
    )
    return _form(request, console, member, given, account=account)


@routes.post("/{member_id}")
async def change_member(
    request: Request,
    console: Here,
    member: ProvedManager,
    member_id: str,
    name: Field = "",
    role: Field = "",
    sees: Field = "all",
    queue: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Change what somebody is."""
    accounts = console.parts.staff.accounts
    account = await accounts.account(member_id)
    given = _given(account.member.email, name, role, sees, queue)
    try:
        chosen = _checked(given, console)
        await accounts.edit(member, member_id, given.name, chosen, given.queues_seen)
    except (FormNotValid, LastAdministrator) as error:
        return _form(request, console, member, given, error, account=account)
    return _back("saved")


@routes.post("/{member_id}/reset")
async def reset_member(
    request: Request, console: Here, member: ProvedManager, member_id: str
) -> Response:
    """Give somebody a new password, and show it: only now."""
    owner, password = await console.parts.staff.accounts.reset(member, member_id)
    return page(request, member, "member_password.html", owner=owner, password=password)


@routes.post("/{member_id}/disable")
async def disable_member(console: Here, member: ProvedManager, member_id: str) -> Response:
    """Let somebody in no more."""
    await console.parts.staff.accounts.disable(member, member_id)
    return _back("disabled")


@routes.post("/{member_id}/enable")
async def enable_member(console: Here, member: ProvedManager, member_id: str) -> Response:
    """Let somebody in again."""
    await console.parts.staff.accounts.enable(member, member_id)
    return _back("enabled")


def _back(done: str) -> Response:
    return RedirectResponse(f"/staff/members?done={done}", status_code=303)
