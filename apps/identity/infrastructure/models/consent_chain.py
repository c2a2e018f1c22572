"""The chain that proves the consents.

The database writes it: :mod:`apps.identity.infrastructure.chain_guards`.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.identity.domain.consent_chain import LinkKind
from apps.identity.infrastructure.models.consent import PURPOSE_NAMES

LINK_KIND_NAMES = {
    LinkKind.ACT.value: pgettext_lazy("link of a chain", "act"),
    LinkKind.DESTRUCTION.value: pgettext_lazy("link of a chain", "destruction"),
}


class ConsentLink(models.Model):
    """One link: ``hash`` is over the number, the hash of the link before and the hash of the content.

    ``subject`` is the act's ``uuid``, or the destruction's id. Links stay when their acts have gone.
    """

    seq = models.BigIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=11, choices=list(LINK_KIND_NAMES.items()))
    subject = models.UUIDField(unique=True)
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    chained_at = models.DateTimeField(_("chained"))

    class Meta:
        verbose_name = _("link of the chain of consents")
        verbose_name_plural = _("chain of consents")
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in LinkKind]), name="consent_link_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class ConsentDestruction(models.Model):
    """An act whose term after the withdrawal was over was destroyed: whose it was is not told any more."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consent = models.UUIDField(unique=True)
    purpose = models.CharField(_("purpose"), max_length=30, choices=list(PURPOSE_NAMES.items()))
    act_at = models.DateTimeField(_("when it was done"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    destroyed_at = models.DateTimeField(_("destroyed at"))

    class Meta:
        verbose_name = _("destruction of a consent")
        verbose_name_plural = _("destructions of consents")
        ordering = ["-destroyed_at", "id"]

    def __str__(self) -> str:
        return str(self.consent)


class ConsentChainCheck(models.Model):
    """What a check of the whole chain has found; ``problem`` is empty when all is as it was written."""

    at = models.DateTimeField(_("when"), db_index=True)
    links = models.BigIntegerField(_("links"))
    seq = models.BigIntegerField(_("number of the last link"))
    head = models.CharField(_("head"), max_length=64)
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    problem_seq = models.BigIntegerField(_("link with the problem"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of the chain of consents")
        verbose_name_plural = _("checks of the chain of consents")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.problem}".strip()
