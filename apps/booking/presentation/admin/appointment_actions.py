"""The commands of the appointments' page: each dialog makes one use-case call."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import wiring
from apps.booking.application.views import AppointmentView
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.service import MeetingFormat
from apps.booking.infrastructure.queries.agenda import specialist_for
from apps.booking.infrastructure.queries.appointment_list import forget_counts
from apps.booking.presentation.admin import appointment_commands as commands
from apps.booking.presentation.admin.appointment_forms import (
    AcceptForm,
    AcceptOfferForm,
    AppointmentDialog,
    CancelForm,
    DeclineForm,
    OutcomeForm,
    PaymentForm,
    RescheduleForm,
)
from apps.booking.presentation.admin.appointment_wording import STATUS_NAMES
from apps.booking.presentation.admin.booking_form import NEW, BookForm, consent_on_paper
from apps.identity import facade as identity
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action
from apps.kernel.presentation.admin.wording import instant_text, money_text

CHANGE = ["command"]
ADD = ["book"]


class AppointmentActions:
    """Methods of the ModelAdmin; unfold gives each an address of its own."""

    actions_list = ("book",)
    actions_detail = tuple(each.name for each in commands.ALL)

    @dialog_action(
        title=_("Book for a client"),
        permissions=ADD,
        form_class=BookForm,
        submit=_("Book"),
        icon="add",
        primary=True,
    )
    def book(self, request: HttpRequest, form: BookForm) -> Done:
        data = form.cleaned_data
        known = None if data["kind"] == NEW else data["client"]
        view = wiring.book_for_client(
            actor=actor_of(request),
            client_id=known,
            name=data["name"],
            email=data["email"] or None,
            phone=data["phone"] or None,
            service_slug=data["service"],
            start=data["start"],
            meeting_format=MeetingFormat(data["meeting_format"]),
            time_zone=_zone_of(known, request),
            given=consent_on_paper(data, recorded_by=request.user.pk),
        )
        forget_counts()
        url = reverse("admin:booking_appointment_change", args=[view.id])
        return Done(message=gettext("Booked: %(status)s.") % {"status": STATUS_NAMES[view.status]}, url=url)

    @dialog_action(
        title=commands.ACCEPT.title,
        heading=_("Confirm the request"),
        permissions=CHANGE,
        form_class=AcceptForm,
        submit=_("Confirm"),
        icon=commands.ACCEPT.icon,
        primary=True,
    )
    def accept(self, request: HttpRequest, form: AppointmentDialog, object_id: str) -> Done:
        view = wiring.accept_request(**_whom(request, form))
        forget_counts()
        return Done(message=gettext("Confirmed: %(status)s.") % {"status": STATUS_NAMES[view.status]})

    @dialog_action(
        title=commands.ACCEPT_OFFER.title,
        heading=_("The client takes the offered time"),
        permissions=CHANGE,
        form_class=AcceptOfferForm,
        submit=_("Confirm"),
        icon=commands.ACCEPT_OFFER.icon,
        primary=True,
    )
    def accept_offer(self, request: HttpRequest, form: AppointmentDialog, object_id: str) -> Done:
        view = wiring.accept_offer(**_whom(request, form))
        forget_counts()
        return Done(message=gettext("Confirmed: %(status)s.") % {"status": STATUS_NAMES[view.status]})

    @dialog_action(
        title=commands.DECLINE.title,
        heading=_("Decline the request"),
        permissions=CHANGE,
        form_class=DeclineForm,
        submit=_("Decline"),
        icon=commands.DECLINE.icon,
        danger=True,
    )
    def decline(self, request: HttpRequest, form: AppointmentDialog, object_id: str) -> Done:
        wiring.decline_request(**_whom(request, form))
        forget_counts()
        return Done(message=gettext("The request was declined."))

    @dialog_action(
        title=commands.RESCHEDULE.title,
        heading=_("Move to another time"),
        permissions=CHANGE,
        form_class=RescheduleForm,
        submit=_("Move"),
        icon=commands.RESCHEDULE.icon,
    )
    def reschedule(self, request: HttpRequest, form: RescheduleForm, object_id: str) -> Done:
        view = wiring.reschedule_appointment(
            **_whom(request, form), by=CanceledBy.SPECIALIST, start=form.cleaned_data["start"]
        )
        forget_counts()
        return Done(message=gettext("Moved to %(when)s.") % {"when": _local(form, view)})

    @dialog_action(
        title=commands.CANCEL.title,
        heading=_("Cancel the appointment"),
        permissions=CHANGE,
        form_class=CancelForm,
        submit=_("Cancel the appointment"),
        icon=commands.CANCEL.icon,
        danger=True,
    )
    def cancel(self, request: HttpRequest, form: CancelForm, object_id: str) -> Done:
        view = wiring.cancel_appointment(
            **_whom(request, form),
            by=CanceledBy(form.cleaned_data["by"]),
            reason=ReasonCategory(form.cleaned_data["reason"]),
        )
        forget_counts()
        if not view.refund:
            return Done(message=gettext("The appointment was canceled."))
        amount = money_text(view.refund.minor, view.refund.currency)
        return Done(
            message=gettext("The appointment was canceled. To give back: %(amount)s.") % {"amount": amount}
        )

    @dialog_action(
        title=commands.RECORD_PAYMENT.title,
        heading=_("Record a payment received outside the system"),
        permissions=CHANGE,
        form_class=PaymentForm,
        submit=_("Record"),
        icon=commands.RECORD_PAYMENT.icon,
    )
    def record_payment(self, request: HttpRequest, form: PaymentForm, object_id: str) -> Done:
        amount = form.cleaned_data["amount"]
        wiring.record_outside_payment(
            **_whom(request, form), amount=amount, method=PaymentMethod(form.cleaned_data["method"])
        )
        forget_counts()
        return Done(
            message=gettext("Recorded: %(amount)s.") % {"amount": money_text(amount.minor, amount.currency)}
        )

    @dialog_action(
        title=commands.RECORD_OUTCOME.title,
        heading=_("The outcome of the session"),
        permissions=CHANGE,
        form_class=OutcomeForm,
        submit=_("Record"),
        icon=commands.RECORD_OUTCOME.icon,
        primary=True,
    )
    def record_outcome(self, request: HttpRequest, form: OutcomeForm, object_id: str) -> Done:
        view = wiring.record_outcome(
            **_whom(request, form),
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=ReasonCategory(form.cleaned_data["reason"]),
            notes=form.cleaned_data["notes"],
        )
        forget_counts()
        return Done(message=gettext("Recorded: %(status)s.") % {"status": STATUS_NAMES[view.status]})


def _whom(request: HttpRequest, form: AppointmentDialog) -> dict[str, Any]:
    return {
        "appointment_id": form.appointment.pk,
        "actor": actor_of(request),
        "expected_version": form.version_seen,
    }


def _local(form: AppointmentDialog, view: AppointmentView) -> str:
    return instant_text(view.start, form.appointment.specialist.time_zone, weekday=False, relative=False)


def _zone_of(client_id: UUID | None, request: HttpRequest) -> str:
    """The clock that the client will read: their own, else the specialist's."""
    person = identity.client(client_id) if client_id else None
    specialist = specialist_for(request.user.pk)
    return (
        person.time_zone
        if person
        else specialist.time_zone
        if specialist
        else timezone.get_default_timezone_name()
    )
