"""The forms of a page, filled in as a browser without scripts would send them."""

from __future__ import annotations

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Reads a page; `fields(action)` is what its form sends as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._by_action: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._select = self._textarea = ""
        self.feed(page)

    def fields(self, action: str) -> dict[str, str]:
        """Return the fields of the form with this address."""
        return dict(self._by_action[action])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self._by_action.setdefault(given.get("action", ""), {})
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            is_ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if is_ticked:
                self._form[name] = given.get("value", "on")
        elif tag == "textarea":
            self._textarea = name
            self._form[name] = ""
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or self._select not in self._form)
        ):
            self._form[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""
