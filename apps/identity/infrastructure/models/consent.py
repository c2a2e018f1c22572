"""Tables of consents and their documents."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID4
from django.utils.translation import gettext_lazy as _

from apps.identity.domain.consent import ConsentStatus, Purpose
from apps.identity.infrastructure.models.user import User
from apps.kernel.infrastructure.fields import EncryptedJSONField

PURPOSE_NAMES = {
    Purpose.PERSONAL_DATA.value: _("personal data"),
    Purpose.COMMUNICATIONS.value: _("messages and mailings"),
    Purpose.TELEGRAM.value: _("Telegram"),
    Purpose.REVIEW_PUBLICATION.value: _("publication of a review"),
    Purpose.HEALTH_DATA.value: _("health data"),
    Purpose.CROSS_BORDER.value: _("cross-border transfer"),
}
CONSENT_STATUS_NAMES = {
    ConsentStatus.GRANTED.value: _("granted"),
    ConsentStatus.DECLINED.value: _("declined"),
    ConsentStatus.WITHDRAWN.value: _("withdrawn"),
}


class ConsentDocument(models.Model):
    """A published version of a consent's text; the database refuses to change or delete it."""

    purpose = models.CharField(_("purpose"), max_length=30, choices=list(PURPOSE_NAMES.items()))
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    sha256 = models.CharField("SHA-256", max_length=64)
    legal = models.JSONField(_("particulars required by law"), default=dict)
    effective_from = models.DateTimeField(_("in force from"))

    class Meta:
        verbose_name = _("consent document")
        verbose_name_plural = _("consent documents")
        ordering = ["purpose", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consent_document_version_unique"),
            models.UniqueConstraint(
                fields=["purpose", "effective_from"], name="consent_document_from_unique"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[each.value for each in Purpose]),
                name="consent_document_purpose_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class ConsentDraft(models.Model):
    """A consent document that is being written: not in force, and nobody's business but the practice's."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=30, choices=list(PURPOSE_NAMES.items()))
    version = models.CharField(_("version"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    legal = models.JSONField(_("particulars required by law"), default=dict, blank=True)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("draft of a consent document")
        verbose_name_plural = _("drafts of consent documents")
        ordering = ["purpose", "-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consent_draft_version_unique"),
            models.CheckConstraint(
                condition=Q(purpose__in=[each.value for each in Purpose]),
                name="consent_draft_purpose_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Consent(models.Model):
    """One act of one person about one document; rows are only ever added, and each is a link of the chain
    (:mod:`apps.identity.infrastructure.models.consent_chain`). They go three years after a withdrawal.

    ``evidence`` (address, user agent and the like) is kept as ciphertext. The version and the hash repeat
    the document's, so that the act proves by itself what was agreed to.
    """

    uuid = models.UUIDField(unique=True, default=uuid4, db_default=UUID4(), editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    document = models.ForeignKey(
        ConsentDocument, on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    purpose = models.CharField(_("purpose"), max_length=30, choices=list(PURPOSE_NAMES.items()))
    version = models.CharField(_("version"), max_length=20)
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField(_("act"), max_length=10, choices=list(CONSENT_STATUS_NAMES.items()))
    at = models.DateTimeField(_("when"))
    channel = models.CharField(_("channel"), max_length=20)
    evidence = EncryptedJSONField(_("evidence"), row="uuid", person="user_id")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(F("user"), F("purpose"), F("at").desc(), F("id").desc(), name="consent_latest"),
            models.Index(fields=["-at", "-id"], name="consent_at"),
            models.Index(
                fields=["at"],
                condition=Q(status=ConsentStatus.WITHDRAWN.value),
                name="consent_withdrawn_at",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in ConsentStatus]), name="consent_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}: {self.get_status_display()}"
