"""Tasks of the specialist about appointments: overview, page and dialog."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.booking import wiring
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.queries.follow_ups import next_open, open_of
from apps.booking.presentation.admin.appointment_commands import SETTLE_FOLLOW_UP
from apps.booking.presentation.admin.appointment_forms import AppointmentDialog
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action

ADVICE = {
    "personal_data_withdrawn": _(
        "Talk to the client: their data may be used only to hold or to cancel what is booked."
    ),
    "health_data_withdrawn": _("Do not ask about health in writing; agree with the client how to go on."),
}


class FollowUpForm(AppointmentDialog):
    """Whether something is open is the use case's matter, whatever the appointment's state."""

    def notice(self) -> str:
        return gettext("What was open about this appointment will be closed.")


class FollowUpActions:
    """A method of the appointments' admin."""

    @dialog_action(
        title=SETTLE_FOLLOW_UP.title,
        heading=_("You have seen to it"),
        permissions=["command"],
        form_class=FollowUpForm,
        submit=_("Close the task"),
        icon=SETTLE_FOLLOW_UP.icon,
        primary=True,
    )
    def settle_follow_up(self, request: HttpRequest, form: FollowUpForm, object_id: str) -> Done:
        wiring.settle_follow_up(appointment_id=form.appointment.pk, actor=actor_of(request))
        return Done(message=gettext("The task is closed."))


def notices(appointment_id: UUID) -> list[dict[str, Any]]:
    """What is open about the appointment, in words; one statement."""
    names = dict(labels.FOLLOW_UP_REASONS)
    return [{"title": names[reason], "advice": ADVICE[reason]} for reason in open_of(appointment_id)]


def card(now: datetime) -> list[dict[str, Any]]:
    """The overview's card, where something is open; one statement."""
    first, count = next_open(now)
    if first is None:
        return []
    return [
        {
            "title": gettext("Withdrawn consents"),
            "value": ngettext("%(count)d appointment", "%(count)d appointments", count) % {"count": count},
            "note": gettext("agree with the client how to go on"),
            "tone": "requested",
            "url": reverse("admin:booking_appointment_change", args=[first]),
            "icon": "policy_alert",
        }
    ]
