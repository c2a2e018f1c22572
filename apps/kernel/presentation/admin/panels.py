"""Panels that a context adds to pages of its neighbours below: a ledger on the page of an appointment.

A context must not import those that build on it; they register what they add, and the page asks for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Panel:
    """``context`` gives the variables of ``template``, or None where there is nothing to show; ``wide`` puts
    it into the wide column where the page has one."""

    page: str
    title: str | Promise
    template: str
    permission: str
    context: Callable[[UUID, HttpRequest], Mapping[str, Any] | None]
    wide: bool = False


_panels: list[Panel] = []


def add_panel(panel: Panel) -> None:
    """Show ``panel`` on ``panel.page`` (``appointment`` or ``client``), after those that are there."""
    _panels.append(panel)


def panels_of(page: str, entity_id: UUID, request: HttpRequest) -> list[dict[str, Any]]:
    """The panels that the person may see, as title, template, context and wide."""
    shown = []
    for panel in _panels:
        if panel.page != page or not request.user.has_perm(panel.permission):
            continue
        context = panel.context(entity_id, request)
        if context is not None:
            shown.append(
                {"title": panel.title, "template": panel.template, "context": context, "wide": panel.wide}
            )
    return shown
