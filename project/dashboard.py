"""The first page of the workspace, put together from what the contexts have to say."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from apps.booking.presentation.admin.dashboard import dashboard as day
from apps.client_cabinet.presentation.admin.overview_card import requests_card
from apps.payments.presentation.admin.overview_card import money_card


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: the day and the money of the month; a constant number of statements."""
    context = day(request, context)
    card = money_card(request, now=timezone.now()) if "cards" in context else None
    if card is not None:
        context["cards"].append(card)
    if "cards" in context:
        context["cards"] += requests_card(request, today=timezone.localdate())
    return context
