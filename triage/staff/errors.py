"""What can go wrong with accounts, in words for staff."""

from __future__ import annotations

from triage.errors import TriageError


class SignInRefused(TriageError):
    """Email and password, or the code, do not let anybody in. It is not said which of them is wrong."""

    status = 403
    code = "sign_in_refused"
    message = "This email and password do not fit. Check both and try again."


class CodeRefused(TriageError):
    """The code is not the one that the authenticator app shows now."""

    status = 403
    code = "code_refused"
    message = "This code does not fit. Wait for the app's next code and write that."


class TooManyFailures(TriageError):
    """An account or an address has failed too often."""

    status = 429
    code = "too_many_failures"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = max(1, seconds)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.seconds)}

    @property
    def words(self) -> str:
        wait = (
            f"{self.seconds} seconds" if self.seconds < 120 else f"{self.seconds // 60} minutes"
        )
        return f"There were too many tries. Wait {wait}, then try again."


class PasswordNotGood(TriageError):
    """A new password is too easy."""

    status = 422
    code = "password_not_good"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def words(self) -> str:
        return self.why


class MemberUnknown(TriageError):
    """There is no such account."""

    status = 404
    code = "member_unknown"
    message = "There is no such account."


class EmailTaken(TriageError):
    """Another account has this email."""

    status = 409
    code = "email_taken"
    message = "There is an account with this email already."


class LastAdministrator(TriageError):
    """Without the last administrator nobody could manage accounts."""

    status = 409
    code = "last_administrator"
    message = "This is the only administrator. Make another one first."


class CitySignInDown(TriageError):
    """The city's own sign-in does not answer as it must."""

    status = 503
    code = "city_sign_in_down"
    message = "The city's own sign-in does not answer just now. Try again in a minute."


class NotBelieved(TriageError):
    """What came back from the city's own sign-in does not prove who somebody is."""

    status = 403
    code = "not_believed"
    message = "The city's own sign-in did not let you in here. Please begin once more."


class NoRoleHere(TriageError):
    """Somebody is known to the city, and is nothing at this line."""

    status = 403
    code = "no_role_here"
    message = "Your city account works, but it has no role at this line. Ask an administrator of your team."
