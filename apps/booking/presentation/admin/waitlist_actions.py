"""The commands of the waitlist's pages: each dialog makes one use-case call."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import wiring
from apps.booking.infrastructure.queries.appointment_list import forget_counts
from apps.booking.presentation.admin import waitlist_commands as commands
from apps.booking.presentation.admin.booking_form import consent_on_paper
from apps.booking.presentation.admin.waitlist_form import OfferForm
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action

MOVE = ["move"]


class WaitlistActions:
    """Methods of the ModelAdmin; unfold gives each an address of its own."""

    actions_detail = tuple(each.name for each in commands.ALL)

    @dialog_action(
        title=commands.OFFER.title,
        heading=_("Offer a time"),
        permissions=MOVE,
        form_class=OfferForm,
        submit=_("Offer"),
        icon=commands.OFFER.icon,
        primary=True,
    )
    def offer(self, request: HttpRequest, form: OfferForm, object_id: str) -> Done:
        offer = wiring.offer_by_hand(
            actor=actor_of(request),
            request_id=form.waiting.pk,
            given=consent_on_paper(form.cleaned_data, recorded_by=request.user.pk),
            **form.asked(),
        )
        forget_counts()
        when, until = form.date_and_time(offer.start), form.date_and_time(offer.expires_at)
        return Done(
            message=gettext("Offered: %(when)s. The time is kept until %(until)s.")
            % {"when": when, "until": until}
        )

    @dialog_action(
        title=commands.WITHDRAW.title,
        heading=_("Withdraw the offer"),
        description=_("The kept time becomes free and is offered to the next one; this person waits on."),
        permissions=MOVE,
        submit=_("Withdraw the offer"),
        icon=commands.WITHDRAW.icon,
        danger=True,
    )
    def withdraw(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        wiring.withdraw_offer(actor=actor_of(request), request_id=UUID(str(object_id)))
        forget_counts()
        return Done(message=gettext("The offer is withdrawn."))

    @dialog_action(
        title=commands.CONTACTED.title,
        heading=_("You have contacted this person"),
        description=_("The request stays in the queue, marked as contacted, until it is booked or closed."),
        submit=_("Mark as contacted"),
        icon=commands.CONTACTED.icon,
        permissions=MOVE,
    )
    def contacted(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "contacted", gettext("The request is marked as contacted."))

    @dialog_action(
        title=commands.BOOKED.title,
        heading=_("This person has got an appointment"),
        description=_("The request leaves the queue. The appointment itself is made on its own page."),
        submit=_("Mark as booked"),
        icon=commands.BOOKED.icon,
        permissions=MOVE,
    )
    def booked(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "booked", gettext("The request is marked as booked."))

    @dialog_action(
        title=commands.CLOSE.title,
        heading=_("Close the request"),
        description=_("The person waits no longer. A closed request is not opened again."),
        submit=_("Close the request"),
        icon=commands.CLOSE.icon,
        permissions=MOVE,
    )
    def close(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "close", gettext("The request is closed."))

    def _move(self, request: HttpRequest, object_id: str, command: str, message: str) -> Done:
        wiring.move_waitlist_request(
            actor=actor_of(request), request_id=UUID(str(object_id)), status=commands.MOVES[command]
        )
        return Done(message=message)
