"""What can stand in the way of a case, in words for the one who asked, with what programs need to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.cases.completeness import AnotherMatter
from triage.errors import TriageError


class SecretMissingOrWrong(TriageError):
    """The request does not show the secret that this system's own parts share."""

    status = 401
    code = "unauthorized"
    message = (
        "This is for this system's own parts, with their secret in 'Authorization: Bearer ...'."
    )

    @property
    def headers(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class CaseUnknown(TriageError):
    """There is no case with this reference."""

    status = 404
    code = "case_not_found"
    message = "There is no report with this reference. Check it for a slip."


class CaseIncomplete(TriageError):
    """Something that the service asks for is missing; `missing` names it."""

    status = 422
    code = "case_incomplete"

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing

    @property
    def words(self) -> str:
        return f"Still missing: {', '.join(self.missing)}."

    @property
    def fields(self) -> Mapping[str, Any]:
        return {"missing": list(self.missing)}


class AnswerNotValid(TriageError):
    """An answer is none that its question can have; `attribute` names the question."""

    status = 422
    code = "answer_not_valid"

    def __init__(self, attribute: str, why: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute
        self.why = why

    @property
    def words(self) -> str:
        return f"{self.attribute}: {self.why}"

    @property
    def fields(self) -> Mapping[str, Any]:
        return {"attribute": self.attribute}


class NotReportable(TriageError):
    """This is not something to open a case for; `instead` names the entry that it is a matter of, if any."""

    status = 409
    code = "not_reportable"
    message = "This cannot be reported here."

    def __init__(self, found: AnotherMatter | None = None) -> None:
        super().__init__()
        self.found = found

    @property
    def fields(self) -> Mapping[str, Any]:
        if self.found is None:
            return {}
        more = {"instead": self.found.instead, "danger": self.found.danger}
        return {"attribute": self.found.attribute, **{k: v for k, v in more.items() if v}}


class NotTheCitys(TriageError):
    """An answer makes it another body's job; `referral` says whose."""

    status = 409
    code = "not_the_citys"

    def __init__(self, attribute: str, referral: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute
        self.referral = referral

    @property
    def words(self) -> str:
        return self.referral

    @property
    def fields(self) -> Mapping[str, Any]:
        return {"attribute": self.attribute, "referral": self.referral}


class MoveNotAllowed(TriageError):
    """The case cannot be moved so; the message says why."""

    status = 409
    code = "move_not_allowed"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def words(self) -> str:
        return self.why


class CaseChanged(TriageError):
    """Somebody else, or the resident, did something to the case since the one who acts saw it."""

    status = 409
    code = "case_changed"
    message = "Something happened to this case since you opened it. Look at what is new, then send it again."


class TooManyFilters(TriageError):
    """A member has saved as many lists as one may."""

    status = 409
    code = "too_many_filters"
    message = "You have 30 saved lists. Remove one that you no longer need, then save this one."
