"""The dialogs of one appointment: what a command asks, and what it will mean."""

from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.booking import wiring
from apps.booking.domain.cancellation import CanceledBy, Cancellation, RefundRule
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.queries.agenda import status_at
from apps.booking.models import Appointment
from apps.booking.presentation.admin import appointment_commands as commands
from apps.booking.presentation.admin.appointment_commands import Command, possible
from apps.booking.presentation.admin.appointment_wording import rule_text
from apps.booking.presentation.admin.slot_picker import (
    StartField,
    first_day,
    new_times_of,
    render_slots,
)
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.choices import Card, ChoiceCards, set_cards
from apps.kernel.presentation.admin.dialogs import VersionedDialogForm
from apps.kernel.presentation.admin.roubles import RoublesField
from apps.kernel.presentation.admin.wording import instant_text, length_text, money_text, span_text

NOTES_LENGTH = 4_000


class DateInput(forms.DateInput):
    """The browser's own calendar: keyboard and phones work with it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        classes = " ".join(UnfoldAdminTextInputWidget().attrs["class"].split())
        super().__init__({"class": classes, **(attrs or {})}, format="%Y-%m-%d")


class AppointmentDialog(VersionedDialogForm):
    """Says whom and what it is about, and nothing but that where the command is no longer possible."""

    form_before_template = "booking/dialog_summary.html"
    command: ClassVar[Command | None] = None
    words: ClassVar = {"hold_expired": _("The wait is over, and the time is free again.")}

    @cached_property
    def appointment(self) -> Appointment:
        """Raises Http404 for an unknown or malformed id."""
        try:
            id_ = UUID(str(self.object_id))
        except ValueError as error:
            raise Http404 from error
        row = Appointment.objects.select_related("client", "specialist", "service").filter(pk=id_).first()
        if row is None:
            raise Http404
        return row

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def version_now(self) -> int | None:
        return self.appointment.version

    @property
    def is_possible(self) -> bool:
        row = self.appointment
        status = status_at(row.status, row.hold_expires_at, row.answer_due_at, now=self.now)
        offered = possible(
            status=status,
            start=row.start,
            paid_minor=row.paid_minor,
            price_minor=row.terms["price_minor"],
            now=self.now,
        )
        return self.command is None or self.command.name in {each.name for each in offered}

    @property
    def closed(self) -> str:
        """Why there is nothing to send; empty where there is."""
        if self.is_bound or self.is_possible:
            return ""
        return gettext("This is no longer possible: the state of the appointment has changed.")

    def money(self, minor: int) -> str:
        return money_text(minor, self.appointment.terms["currency"])

    def date_and_time(self, instant: datetime) -> str:
        zone = self.appointment.specialist.time_zone
        return instant_text(instant, zone, now=self.now, weekday=False, relative=False)

    def notice(self) -> str:
        """What the command will do, in one sentence."""
        return ""

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        row = self.appointment
        return {
            "client": str(row.client),
            "service": row.terms["name"],
            "when": span_text(row.start, row.end, row.specialist.time_zone, now=self.now),
            "notice": self.closed or self.notice(),
        }


class AcceptForm(AppointmentDialog):
    command = commands.ACCEPT

    def notice(self) -> str:
        row = self.appointment
        if not row.terms["price_minor"]:
            return gettext("The session is free: the appointment will be confirmed at once.")
        wait = length_text(timedelta(minutes=row.hold_length_minutes))
        return gettext("The client will be asked to pay %(amount)s; the time is kept for %(wait)s.") % {
            "amount": self.money(row.terms["deposit_minor"] or row.terms["price_minor"]),
            "wait": wait,
        }


class AcceptOfferForm(AppointmentDialog):
    command = commands.ACCEPT_OFFER
    words: ClassVar = {
        **AppointmentDialog.words,
        "consent_required": _(
            "The client has not agreed to the consent in force: they have to accept by the link."
        ),
    }

    def notice(self) -> str:
        return gettext("The session is free: the appointment will be confirmed at once.")


class DeclineForm(AppointmentDialog):
    command = commands.DECLINE

    def notice(self) -> str:
        return gettext("The request will be closed and the time becomes free for others.")


class CancelForm(AppointmentDialog):
    command = commands.CANCEL
    by = forms.ChoiceField(label=_("Who cancels"), widget=ChoiceCards)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=labels.REASONS,
        initial=ReasonCategory.NONE,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_cards(self.fields["by"], [self._card(by) for by in CanceledBy])

    def notice(self) -> str:
        return gettext(
            "The time becomes free at once. What has to be given back is shown beside each choice."
        )

    def _card(self, by: CanceledBy) -> Card:
        titles = {
            CanceledBy.CLIENT: gettext("At the client's wish"),
            CanceledBy.SPECIALIST: gettext("I cancel it myself"),
        }
        try:
            consequence = wiring.preview_cancellation(
                appointment_id=self.appointment.pk, actor=self.actor, by=by
            )
        except DomainError:
            return Card(value=by.value, title=titles[by])
        return Card(value=by.value, title=titles[by], note=self._consequence(consequence))

    def _consequence(self, consequence: Cancellation) -> str:
        if not self.appointment.paid_minor:
            return gettext("Nothing has been paid, so nothing has to be given back.")
        parts = {"amount": self.money(consequence.refund.minor), "rule": rule_text(consequence.rule.value)}
        text = gettext("To give back: %(amount)s (%(rule)s).") % parts
        if consequence.by is CanceledBy.CLIENT:
            free_until = self.date_and_time(consequence.free_until)
            text += " " + (
                gettext("Cancellation is free until %(when)s.") % {"when": free_until}
                if consequence.rule is RefundRule.FULL
                else gettext("Free cancellation ended %(when)s.") % {"when": free_until}
            )
        return text


class RescheduleForm(AppointmentDialog):
    command = commands.RESCHEDULE
    from_day = forms.DateField(label=_("Show times from"), required=False, widget=DateInput)
    start = StartField(label=_("New time"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = reverse("admin:booking_appointment_new_times", args=[self.appointment.pk])
        self.fields["from_day"].widget.attrs.update(
            {"hx-get": source, "hx-target": "#id_start", "hx-trigger": "change", "hx-include": "closest form"}
        )
        self.initial.setdefault("from_day", self._first_day())
        asked = self.data.get("from_day") if self.is_bound else str(self.initial["from_day"])
        chosen = (self.data if self.is_bound else self.initial).get("start") or ""
        self.fields["start"].widget.content = render_slots(
            partial(new_times_of, self.appointment.pk, first_day(asked)), chosen=str(chosen)
        )

    def notice(self) -> str:
        return gettext(
            "Price, payment and rules stay as they are; the client's right to move is not used up."
        )

    def _first_day(self) -> date:
        row = self.appointment
        return row.start.astimezone(ZoneInfo(row.specialist.time_zone)).date()


class PaymentForm(AppointmentDialog):
    command = commands.RECORD_PAYMENT
    amount = RoublesField(label=_("Amount, ₽"))
    method = forms.ChoiceField(
        label=_("How it was paid"),
        choices=labels.PAYMENT_METHODS,
        initial=PaymentMethod.TRANSFER,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.appointment
        waiting = row.status == "pending_payment"
        due = (row.terms["deposit_minor"] if waiting else None) or row.terms["price_minor"] - row.paid_minor
        self.initial.setdefault("amount", f"{due // 100}.{due % 100:02d}" if due % 100 else str(due // 100))

    def notice(self) -> str:
        row = self.appointment
        if row.status != "pending_payment":
            return gettext("Already paid: %(paid)s of %(price)s.") % {
                "paid": self.money(row.paid_minor),
                "price": self.money(row.terms["price_minor"]),
            }
        return gettext("The payment confirms the appointment.")


class OutcomeForm(AppointmentDialog):
    command = commands.RECORD_OUTCOME
    outcome = forms.ChoiceField(label=_("How it ended"), widget=ChoiceCards, initial=Outcome.ATTENDED)
    reason = forms.ChoiceField(
        label=_("Reason, if it did not take place"),
        choices=labels.REASONS,
        initial=ReasonCategory.NONE,
        widget=UnfoldAdminSelectWidget,
    )
    notes = forms.CharField(
        label=_("Notes for yourself"),
        required=False,
        max_length=NOTES_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Kept encrypted. The client does not see them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paid = self.appointment.paid_minor
        back = gettext("To give back: %(amount)s.")
        by_provider = back % {"amount": self.money(paid)} if paid else ""
        by_client = gettext("The session has begun: by the rules nothing is given back.") if paid else ""
        notes = {Outcome.CANCELED_BY_PROVIDER: by_provider, Outcome.CANCELED_BY_CLIENT: by_client}
        names = dict(labels.OUTCOMES)
        cards = [
            Card(value=each.value, title=str(names[each.value]), note=notes.get(each, ""))
            for each in Outcome
            if each is not Outcome.RESCHEDULED
        ]
        set_cards(self.fields["outcome"], cards)
