"""Who may do what at the console. Nothing is open unless a route says so, and a route that says nothing cannot be served:
`console.py` refuses to start with one.

    @routes.get("/board")
    async def board(request: Request, member: Annotated[Member, needs(Right.SEE_BOARD)]) -> Response: ...
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request

from triage.console.context import console_of
from triage.console.cookies import token_of
from triage.errors import TriageError
from triage.kit.limits import client_of
from triage.staff.repository import Session
from triage.staff.roles import Member, Right
from triage.staff.sessions import is_proved


class SignInNeeded(TriageError):
    """Nobody is signed in at this browser, or not any more."""

    status = 401
    code = "sign_in_needed"
    message = "Please sign in."
    page: ClassVar[str] = "/staff/sign-in"


class CodeNeeded(SignInNeeded):
    """The password was right; the code of the authenticator app is still to come."""

    page = "/staff/sign-in/code"


class PasswordToChange(SignInNeeded):
    """Somebody else made this password; before anything else one's own is chosen."""

    page = "/staff/account/password"


class ProofNeeded(SignInNeeded):
    """This changes who gets in, so the password is asked for once more."""

    page = "/staff/account/prove"


class NotForThisRole(TriageError):
    """The member's role does not let them do this."""

    status = 403
    code = "not_for_this_role"
    message = (
        "Your account may not do this. If you need it for your work, ask an administrator."
    )


@dataclass(frozen=True)
class Needs:
    """Lets in members with a right, and gives the member.

    Args:
        right: None: whoever is signed in.
        is_deed: no: the page asks by itself, so it keeps nobody signed in.
        with_given_password: also those who must change their password first.
        proved: only who showed their password in the last minutes.
    """

    right: Right | None
    is_deed: bool = True
    with_given_password: bool = False
    proved: bool = False

    async def __call__(self, request: Request) -> Member:
        session = await session_of(request, is_deed=self.is_deed)
        if session is None:
            raise SignInNeeded
        if session.waits_for_code:
            raise CodeNeeded
        if session.account.password_until and not self.with_given_password:
            raise PasswordToChange
        member = session.account.member
        if self.right and not member.may(self.right):
            raise NotForThisRole
        if self.proved and not is_proved(session, console_of(request).parts.clock.now()):
            raise ProofNeeded
        request.state.session = session
        return member


@dataclass(frozen=True)
class Open:
    """Lets everybody in: a reader of the code sees that it is meant."""

    async def __call__(self, request: Request) -> None:
        return None


def needs(
    right: Right | None = None,
    *,
    is_deed: bool = True,
    with_given_password: bool = False,
    proved: bool = False,
) -> Any:
    """Return the dependency that lets in members with a right (`Needs`); without one, whoever is signed in."""
    return Depends(Needs(right, is_deed, with_given_password, proved))


OPEN = Depends(Open())


async def session_of(request: Request, *, is_deed: bool = True) -> Session | None:
    """Return the session of a request, also one that still waits for its code."""
    console = console_of(request)
    token = token_of(request, console.public_url)
    return await console.parts.staff.signing_in.session(token, is_deed=is_deed)


def current(request: Request) -> Session:
    """Return the session of a request that `Needs` has let in."""
    session: Session = request.state.session
    return session


Current = Annotated[Session, Depends(current)]
"""For an endpoint's parameter, behind the member's: `session: Current`."""


def address_of(request: Request) -> str:
    """Return the address that a try to sign in is counted for."""
    return client_of(request, console_of(request).parts.settings.trusted_proxies)
