"""Tables of messaging: no address and no text of a letter; texts of templates are the practice's own."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.messaging.domain.kinds import Channel, MessageKind
from apps.messaging.domain.message import MessageStatus, RecipientKind
from apps.messaging.infrastructure import labels


class MessageTemplate(models.Model):
    """What is sent now, by kind, channel and language; the texts before are in :class:`TemplateVersion`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("message"), max_length=30, choices=labels.KINDS)
    channel = models.CharField(_("channel"), max_length=10, choices=labels.CHANNELS)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject of a letter"), max_length=120)
    body = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed at"))
    author_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["-language", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "language"], name="message_template_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in MessageKind]), name="message_template_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="message_template_channel_known",
            ),
            models.CheckConstraint(
                condition=~Q(subject__regex="[\n\r]"), name="message_template_subject_one_line"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class TemplateVersion(models.Model):
    """One text of a template; rows are only ever added."""

    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject of a letter"), max_length=120)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("changed at"))
    author_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_unique")]

    def __str__(self) -> str:
        return f"{self.template_id} {self.number}"


class Message(models.Model):
    """An outgoing message and what became of it; see the aggregate for the meaning of the columns."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("letter"), max_length=30, choices=labels.KINDS)
    channel = models.CharField(_("channel"), max_length=10, choices=labels.CHANNELS)
    language = models.CharField(_("language"), max_length=10, blank=True)
    recipient_kind = models.CharField(_("recipient"), max_length=20, choices=labels.RECIPIENTS)
    recipient_id = models.CharField(max_length=40)
    appointment_id = models.UUIDField(null=True, blank=True, db_index=True)
    payment_id = models.UUIDField(null=True, blank=True)
    refund_id = models.UUIDField(null=True, blank=True)
    offer_id = models.UUIDField(null=True, blank=True)
    start = models.DateTimeField(_("session"), null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    due_at = models.DateTimeField(_("due at"))
    useful_until = models.DateTimeField()
    status = models.CharField(
        _("status"), max_length=10, choices=labels.STATUSES, default=MessageStatus.PLANNED.value
    )
    result = models.CharField(_("result"), max_length=30, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField()
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    template_version = models.PositiveIntegerField(_("version of the text"), null=True, blank=True)
    created_at = models.DateTimeField(_("planned on"))
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in MessageKind]), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in MessageStatus]), name="message_status_known"
            ),
            models.CheckConstraint(
                condition=Q(recipient_kind__in=[each.value for each in RecipientKind]),
                name="message_recipient_known",
            ),
            # Ids hold no "@": an address can never get in here.
            models.CheckConstraint(
                condition=Q(recipient_id__regex="^[0-9a-f-]+$"), name="message_recipient_is_an_id"
            ),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENT.value, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT.value) & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.SENDING.value)
                | Q(claim__isnull=False, sending_at__isnull=False),
                name="message_sending_has_claim",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="message_due", condition=Q(status="planned")),
            models.Index(fields=["sending_at"], name="message_unanswered", condition=Q(status="sending")),
            models.Index(fields=["recipient_kind", "recipient_id", "-due_at"], name="message_of_person"),
            models.Index(fields=["-due_at", "-id"], name="message_log"),
            models.Index(fields=["claim"], name="message_claim", condition=Q(claim__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class DeliverySettings(models.Model):
    """The one row that says how letters are sent; see :class:`DeliveryRules`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    reminder_day_hours = models.PositiveIntegerField(_("first reminder, hours before"), default=24)
    reminder_hour_hours = models.PositiveIntegerField(_("second reminder, hours before"), default=1)
    quiet_from = models.TimeField(_("quiet hours from"))
    quiet_until = models.TimeField(_("quiet hours until"))
    switched_off = ArrayField(
        models.CharField(max_length=30, choices=labels.KINDS),
        verbose_name=_("letters that are not sent"),
        default=list,
        blank=True,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("settings of letters")
        verbose_name_plural = _("settings of letters")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="delivery_settings_one_row"),
            models.CheckConstraint(
                condition=Q(reminder_hour_hours__gte=1)
                & Q(reminder_day_hours__gt=models.F("reminder_hour_hours")),
                name="delivery_settings_leads_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class ReminderOptOut(models.Model):
    """A client who has switched reminders, or other optional letters (``kinds``), off."""

    client_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    kinds = ArrayField(models.CharField(max_length=30, choices=labels.KINDS), default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kinds__len__gt=0), name="opt_out_of_something")]

    def __str__(self) -> str:
        return str(self.client_id)
