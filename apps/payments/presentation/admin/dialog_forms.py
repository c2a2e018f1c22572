"""The dialogs about money: what they ask, and what is known before."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from apps.booking import facade as booking
from apps.kernel.domain.money import Money
from apps.kernel.presentation.admin.dialogs import DialogForm
from apps.kernel.presentation.admin.roubles import RoublesField
from apps.payments.domain.refund import BY_HAND, RefundReason
from apps.payments.infrastructure.queries.desk import balance_of, entries_of, still_refundable, whole
from apps.payments.presentation.admin.wording import (
    REASON_NAMES,
    REFUND_STATUS_NAMES,
    amount,
    when,
)

LONGEST_COMPARISON = timedelta(days=366)


def as_id(text: Any) -> UUID:
    """Raises Http404 for what is no id."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise Http404 from error


def roubles(minor: int) -> str:
    """Kopecks as a field shows them: ``4500`` or ``4500.50``."""
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)


class GivingBackForm(DialogForm):
    """``rest_seen`` (kopecks) is what the person saw as still refundable: pressing twice is refused."""

    form_before_template = "payments/refund_summary.html"
    words: ClassVar = {
        "stale_version": _("Money was given back meanwhile. Open the dialog again to see what is left."),
    }
    amount = RoublesField(label=_("Amount, ₽"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(each.value, REASON_NAMES[each.value]) for each in BY_HAND],
        widget=UnfoldAdminSelectWidget,
    )
    rest_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("amount", roubles(self.rest))
            self.initial["rest_seen"] = self.rest

    @property
    def rest(self) -> int:
        """Kopecks that may be given back now."""
        raise NotImplementedError

    @property
    def closed(self) -> str:
        """Why there is nothing to send; empty where there is."""
        return "" if self.is_bound or self.rest else gettext("Nothing is left to be given back.")

    def asked(self) -> dict[str, Any]:
        """The arguments of the use case."""
        seen = self.cleaned_data["rest_seen"]
        return {
            "amount": self.cleaned_data["amount"],
            "reason": RefundReason(self.cleaned_data["reason"]),
            "rest_seen": None if seen is None else Money(seen),
        }


class RefundForm(GivingBackForm):
    @cached_property
    def payment(self) -> Any:
        """Raises Http404."""
        found = whole(as_id(self.object_id))
        if found is None:
            raise Http404
        return found

    @property
    def rest(self) -> int:
        return still_refundable(self.payment)

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        payment = self.payment
        return {
            "client": str(payment.client),
            "service": payment.description,
            "paid": amount(payment.amount_minor, payment.currency),
            "rest": amount(self.rest, payment.currency),
            "given": [
                {
                    "amount": amount(each.amount_minor, payment.currency),
                    "status": REFUND_STATUS_NAMES[each.status],
                    "reason": REASON_NAMES[each.reason],
                    "who": str(each.requested_by) if each.requested_by else gettext("by itself"),
                    "when": when(each.requested_at),
                }
                for each in payment.to_refunds
            ],
            "closed": self.closed,
        }


class OutsideRefundForm(GivingBackForm):
    """Of an appointment: money that had come outside the system and was given back by hand."""

    @cached_property
    def appointment(self) -> booking.AppointmentInfo:
        """Raises Http404."""
        found = booking.appointment(as_id(self.object_id), at=timezone.now())
        if found is None:
            raise Http404
        return found

    @cached_property
    def rest(self) -> int:
        return balance_of(entries_of(self.appointment.id)).kept_outside.minor

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        return {
            "service": self.appointment.service_name,
            "rest": amount(self.rest),
            "outside": True,
            "closed": self.closed,
        }


class ComparisonForm(DialogForm):
    """Whole days of the practice's clock."""

    since = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget)
    until = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial |= {"since": today - timedelta(days=7), "until": today}

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if not isinstance(since, date) or not isinstance(until, date):
            return answers
        if until < since:
            self.add_error("until", _("The last day comes before the first one."))
        elif until > timezone.localdate():
            self.add_error("until", _("The last day has not come yet."))
        elif until - since > LONGEST_COMPARISON:
            self.add_error("since", _("At most a year can be compared at once."))
        return answers
