"""Requests of people about their data."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.client_cabinet.domain.subject_request import RequestChannel, RequestKind, RequestStatus
from apps.client_cabinet.infrastructure.models.erasure import DestructionAct
from apps.kernel.infrastructure.fields import EncryptedTextField

KINDS = {
    RequestKind.ACCESS.value: pgettext_lazy("request about data", "information about their data"),
    RequestKind.RECTIFICATION.value: pgettext_lazy("request about data", "put the data right"),
    RequestKind.STOP.value: pgettext_lazy("request about data", "stop the processing"),
    RequestKind.DESTRUCTION.value: pgettext_lazy(
        "request about data", "destroy data that are unlawful or not needed"
    ),
    RequestKind.WITHDRAWAL.value: pgettext_lazy("request about data", "withdraw the consent"),
}
CHANNELS = {
    RequestChannel.API.value: pgettext_lazy("channel of a request", "in the cabinet"),
    RequestChannel.LETTER.value: pgettext_lazy("channel of a request", "by letter"),
    RequestChannel.EMAIL.value: pgettext_lazy("channel of a request", "by e-mail"),
    RequestChannel.IN_PERSON.value: pgettext_lazy("channel of a request", "in person"),
}
STATUSES = {
    RequestStatus.OPEN.value: pgettext_lazy("state of a request", "open"),
    RequestStatus.ANSWERED.value: pgettext_lazy("state of a request", "answered"),
    RequestStatus.REFUSED.value: pgettext_lazy("state of a request", "refused"),
    RequestStatus.ERASED.value: pgettext_lazy("state of a request", "fulfilled by erasure"),
}


class SubjectRequest(models.Model):
    """One request; see the aggregate. What was written is sealed with the key of the person it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what is asked for"), max_length=16, choices=list(KINDS.items()))
    channel = models.CharField(_("how it came"), max_length=10, choices=list(CHANNELS.items()))
    status = models.CharField(_("state"), max_length=10, choices=list(STATUSES.items()))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("client"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    received_on = models.DateField(_("received on"))
    deadline = models.DateField(_("answer until"))
    extended = models.BooleanField(default=False)
    extension_reason = EncryptedTextField(_("why the term was extended"), blank=True, person="person_id")
    text = EncryptedTextField(_("what they wrote"), blank=True, person="person_id")
    answer = EncryptedTextField(_("what they were told"), blank=True, person="person_id")
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("dealt with"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    act = models.ForeignKey(DestructionAct, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["deadline", "registered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in RequestKind]), name="subject_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in RequestStatus]),
                name="subject_request_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=RequestStatus.OPEN.value, closed_at__isnull=True)
                | (~Q(status=RequestStatus.OPEN.value) & Q(closed_at__isnull=False)),
                name="subject_request_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(received_on__lte=models.F("deadline")), name="subject_request_deadline_after"
            ),
        ]
        indexes = [
            models.Index(fields=["deadline"], name="subject_request_open", condition=Q(status="open")),
            models.Index(fields=["person", "-registered_at"], name="subject_request_person"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
