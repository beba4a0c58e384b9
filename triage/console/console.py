"""Assembles the console from its pages. A new page is a module with `routes`, and stands in `_PAGES`."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant

from triage.console import (
    audit_page,
    board,
    case_forms,
    case_list,
    case_page,
    case_search,
    catalogue_both,
    catalogue_draft,
    catalogue_edit,
    catalogue_entry,
    catalogue_list,
    city_sign_in,
    conversation_forms,
    conversation_list,
    conversation_page,
    home,
    insight,
    learning,
    learning_labels,
    members,
    notice_pages,
    own_account,
    queues,
    reviews,
    shortcuts,
    sign_in,
)
from triage.console.context import Console
from triage.console.frame import Frame
from triage.console.guard import Needs, Open
from triage.console.routes import PageRoute
from triage.parts import Parts

_PAGES: tuple[APIRouter, ...] = (
    home.routes,
    sign_in.routes,
    city_sign_in.routes,
    own_account.routes,
    members.routes,
    audit_page.routes,
    notice_pages.routes,
    reviews.routes,
    board.routes,
    learning_labels.routes,
    learning.routes,
    insight.routes,
    queues.routes,
    case_list.routes,
    case_page.routes,
    case_forms.routes,
    case_search.routes,
    catalogue_list.routes,
    catalogue_draft.routes,
    catalogue_both.routes,
    catalogue_edit.routes,
    catalogue_entry.routes,
    shortcuts.routes,
    conversation_list.routes,
    conversation_page.routes,
    conversation_forms.routes,
    home.rest,
)


def console_routers() -> tuple[APIRouter, ...]:
    """Return the console's routers, in the order in which addresses are looked for.

    Raises:
        RuntimeError: a route does not say who may call it, or would take other sites' forms.
    """
    for router in _PAGES:
        for route in router.routes:
            if not isinstance(route, PageRoute):
                raise RuntimeError(f"{route}: make it with console_router()")
            if not any(isinstance(call, Needs | Open) for call in _calls(route.dependant)):
                raise RuntimeError(f"{route.path}: nobody may call it: see guard.py")
    return _PAGES


def _calls(dependant: Dependant) -> Iterator[object]:
    for wanted in dependant.dependencies:
        yield wanted.call
        yield from _calls(wanted)


def make_console(parts: Parts) -> Console:
    """Return what the pages work with."""
    routes = [route for router in console_routers() for route in router.routes]
    paths = {route.path for route in routes if isinstance(route, PageRoute)}
    shared = {
        "city": parts.city,
        "is_demo": parts.settings.demo,
        "shortcuts": shortcuts.SHORTCUTS,
        "shortcuts_for_script": shortcuts.FOR_SCRIPT,
    }
    return Console(parts, Frame(ZoneInfo(parts.city.timezone), paths, shared))
