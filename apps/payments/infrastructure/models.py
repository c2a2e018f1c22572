"""Tables of payments. Amounts are kopecks; nothing of a card is ever stored."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.payments.domain.ledger import EntryKind
from apps.payments.domain.payment import OPEN, PaymentKind, PaymentStatus
from apps.payments.domain.receipt import ReceiptKind, ReceiptStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure import labels

ONE_OPEN = "payment_one_open"


class Payment(models.Model):
    """Money for an appointment through the provider. ``items`` are the lines of the advance receipt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment_id = models.UUIDField(_("appointment"), db_index=True)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("what is paid"), max_length=8, choices=labels.PAYMENT_KINDS)
    amount_minor = models.PositiveIntegerField(_("amount, kopecks"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=20, choices=labels.PAYMENT_STATUSES)
    failure = models.CharField(_("why not"), max_length=20, choices=labels.FAILURES, blank=True)
    failure_code = models.CharField(_("reason of the provider"), max_length=64, blank=True)
    provider_id = models.CharField(_("id at the provider"), max_length=64, null=True, unique=True)
    idempotence_key = models.CharField(max_length=64, unique=True, editable=False)
    description = models.CharField(_("description"), max_length=128)
    items = models.JSONField(editable=False)
    return_url = models.CharField(max_length=2048, editable=False)
    confirmation_url = models.CharField(max_length=2048, blank=True, editable=False)
    method = models.CharField(_("way of paying"), max_length=32, blank=True)
    not_taken = models.CharField(_("why the appointment did not take it"), max_length=16, blank=True)
    created_at = models.DateTimeField(_("started"))
    settled_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment_id", "kind", "amount_minor"],
                condition=Q(status__in=sorted(OPEN)),
                name=ONE_OPEN,
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in PaymentStatus]), name="payment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in PaymentKind]), name="payment_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=PaymentStatus.SUCCEEDED)
                | Q(provider_id__isnull=False, settled_at__isnull=False),
                name="payment_succeeded_at_the_provider",
            ),
            models.CheckConstraint(
                condition=Q(not_taken="") | Q(status=PaymentStatus.SUCCEEDED),
                name="payment_not_taken_has_arrived",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="payment_by_time"),
            models.Index(fields=["client", "-created_at"], name="payment_by_client"),
            models.Index(
                fields=["created_at"], condition=Q(status__in=sorted(OPEN)), name="payment_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.description}, {self.amount_minor / 100:.2f} {self.currency}"


class Refund(models.Model):
    """Money given back; together never more than the payment (a trigger holds that too)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount_minor = models.PositiveIntegerField(_("amount, kopecks"))
    reason = models.CharField(_("reason"), max_length=20, choices=labels.REFUND_REASONS)
    status = models.CharField(_("status"), max_length=12, choices=labels.REFUND_STATUSES)
    provider_id = models.CharField(_("id at the provider"), max_length=64, null=True, unique=True)
    idempotence_key = models.CharField(max_length=64, unique=True, editable=False)
    failure_code = models.CharField(_("reason of the provider"), max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("requested"))
    settled_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["requested_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in RefundStatus]), name="refund_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(status__in=[RefundStatus.REQUESTED, RefundStatus.PENDING]),
                name="refund_unsettled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor / 100:.2f}"


class Receipt(models.Model):
    """A receipt by 54-FZ; each payment has one of each kind at most."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="receipts"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=labels.RECEIPT_KINDS)
    status = models.CharField(_("status"), max_length=12, choices=labels.RECEIPT_STATUSES)
    amount_minor = models.PositiveIntegerField(_("amount, kopecks"))
    items = models.JSONField(editable=False)
    provider_id = models.CharField(_("id at the provider"), max_length=64, null=True, unique=True)
    idempotence_key = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in ReceiptKind]), name="receipt_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in ReceiptStatus]), name="receipt_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(status=ReceiptStatus.PENDING), name="receipt_unregistered"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class LedgerEntry(models.Model):
    """A movement of an appointment's money, written once and never changed."""

    appointment_id = models.UUIDField(_("appointment"), db_index=True)
    kind = models.CharField(_("kind"), max_length=16, choices=labels.ENTRY_KINDS)
    source_id = models.UUIDField(editable=False)
    amount_minor = models.PositiveIntegerField(_("amount, kopecks"))
    currency = models.CharField(_("currency"), max_length=3)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="ledger_entry_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_amount_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in EntryKind]), name="ledger_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PaymentNotification(models.Model):
    """A notification as it came, in short: what it says is not believed, so no more of it is kept than it
    takes to notice a lie."""

    event = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    claims = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    heeded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["object_id", "id"],
                condition=Q(heeded_at__isnull=True),
                name="notification_unheeded",
            ),
            models.Index(fields=["received_at"], name="notification_by_time"),
        ]

    def __str__(self) -> str:
        return self.event


class PaymentAlert(models.Model):
    """Something about money that a person must look at; ``details`` are P0."""

    kind = models.CharField(pgettext_lazy("payment alert", "what"), max_length=24, choices=labels.ALERT_KINDS)
    reference = models.CharField(_("about"), max_length=64)
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, related_name="alerts"
    )
    details = models.JSONField(_("details"), default=dict)
    times = models.PositiveIntegerField(_("how often"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("alert about money")
        verbose_name_plural = _("alerts about money")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(settled_at__isnull=True),
                name="payment_alert_open_once",
            ),
            models.CheckConstraint(
                condition=Q(first_at__lte=F("last_at")), name="payment_alert_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
