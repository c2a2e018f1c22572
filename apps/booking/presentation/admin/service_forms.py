"""The form of a service: what a psychologist enters, checked by the domain at the field to blame."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, RegexValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from apps.booking import models
from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.service import ServiceFormat, ServiceStatus
from apps.booking.domain.service_card import ServiceCard
from apps.booking.domain.slots import SlotGrid
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.money import Money
from apps.kernel.presentation.admin.refusals import show_refusal
from apps.kernel.presentation.admin.roubles import RoublesField
from apps.kernel.presentation.admin.versions import VersionedModelForm

MOST = 32_767
"""What the columns of minutes, hours and counts hold."""

PLACES: Mapping[str, str] = {
    "duration": "duration_minutes",
    "buffer_before": "buffer_before_minutes",
    "buffer_after": "buffer_after_minutes",
}
"""Where the domain's names of what is wrong differ from the form's."""

SECTIONS: Any = [
    (
        _("What it is"),
        {
            "description": _("These words are seen by clients on the site and in the bot."),
            "fields": [
                "expected_version",
                "name",
                "internal_name",
                "slug",
                "description",
                "for_whom",
                "how_it_goes",
                ("duration_minutes", "format"),
                "address",
                ("specialist", "position"),
            ],
        },
    ),
    (
        _("Price and prepayment"),
        {
            "description": _("A new price holds for new bookings only: those made keep the old one."),
            "fields": [("price", "deposit")],
        },
    ),
    (
        _("Receipt"),
        {
            "description": _(
                "How the service stands on receipts by 54-FZ: at payment and after the session."
            ),
            "fields": [("vat_code", "payment_subject")],
        },
    ),
    (
        _("Canceling and moving"),
        {
            "description": _(
                "Until the first border the client gets everything back, until the second one half, "
                "then nothing. When you cancel yourself, everything is given back."
            ),
            "fields": [
                ("cancel_free_hours", "cancel_partial_hours"),
                ("reschedule_min_hours", "max_reschedules"),
            ],
        },
    ),
    (
        _("When it can be booked"),
        {
            "description": _(
                "Your working hours are in the schedule; here is what this service asks of them."
            ),
            "fields": [
                ("min_notice_hours", "horizon_days"),
                ("slot_step_minutes", "slot_grid"),
                ("buffer_before_minutes", "buffer_after_minutes"),
                ("daily_limit", "requires_confirmation"),
            ],
        },
    ),
    (
        _("Intake form"),
        {
            "description": _(
                "Questions that the client answers before the session. Answers are kept encrypted."
            ),
            "fields": ["intake_template"],
        },
    ),
]
"""The form in the words of the one who fills it in."""

COLUMNS = (
    "specialist",
    "slug",
    "name",
    "internal_name",
    "description",
    "for_whom",
    "how_it_goes",
    "duration_minutes",
    "format",
    "address",
    "cancel_free_hours",
    "cancel_partial_hours",
    "reschedule_min_hours",
    "max_reschedules",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "min_notice_hours",
    "horizon_days",
    "slot_step_minutes",
    "slot_grid",
    "daily_limit",
    "requires_confirmation",
    "intake_template",
    "vat_code",
    "payment_subject",
    "position",
)
"""What is entered as it is kept; price and prepayment are entered in roubles."""

NO_SPACES = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small Latin letters, digits and single hyphens: first-session.")
)


class ServiceForm(VersionedModelForm):
    """``card`` is the whole service as entered, once the form is valid."""

    price = RoublesField(label=_("Price, roubles"), help_text=_("0 makes the service free of charge."))
    deposit = RoublesField(
        label=_("Prepayment, roubles"),
        required=False,
        help_text=_(
            "Paid to confirm the booking; the rest is paid later. Empty: the whole price is paid at once."
        ),
    )
    card: ServiceCard | None = None

    class Meta:
        model = models.Service
        fields = COLUMNS
        error_messages: ClassVar = {
            "slug": {"unique": _("Another service already has this address in links.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.instance
        if "price" in self.fields and not service._state.adding:  # noqa: SLF001 - documented state of an instance
            self.initial.setdefault("price", Money(service.price_minor))
            if service.deposit_minor is not None:
                self.initial.setdefault("deposit", Money(service.deposit_minor))
        if "slug" in self.fields:
            slug = self.fields["slug"]
            slug.validators = [each for each in slug.validators if each is not validate_slug] + [NO_SPACES]
            if service.status != ServiceStatus.DRAFT:
                self.fields["slug"].disabled = True
                self.fields["slug"].help_text = _(
                    "Fixed, because links to the service are out in the world. A draft's can be changed."
                )
        for name, field in self.fields.items():
            if isinstance(field, forms.IntegerField) and name in COLUMNS:
                field.validators.append(MaxValueValidator(MOST))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.card = self._card()
        except DomainError as error:
            show_refusal(self, error, places=PLACES)
        return cleaned

    def validate_constraints(self) -> None:
        """The card has checked what the constraints of the table repeat: no need to ask each by SQL."""

    def _card(self) -> ServiceCard:
        """Raises InvalidServiceTerms."""
        data, service = self.cleaned_data, self.instance
        template = data["intake_template"]
        return ServiceCard(
            **{
                name: data[name]
                for name in COLUMNS
                if name
                not in {"specialist", "intake_template", "format", "slot_grid", "vat_code", "payment_subject"}
            },
            id=UUID(str(service.pk)),
            specialist_id=data["specialist"].pk,
            format=ServiceFormat(data["format"]),
            slot_grid=SlotGrid(data["slot_grid"]),
            price=data["price"],
            deposit=data["deposit"],
            vat_code=VatCode(data["vat_code"]),
            payment_subject=PaymentSubject(data["payment_subject"]),
            intake_template_id=None if template is None else template.pk,
            status=ServiceStatus(service.status),
            version=service.version,
        )
