"""Erasures, the acts that prove them, and the tombstones that survive a restore."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.client_cabinet.domain.erasure import ErasureStatus, Reason, Scope

SCOPES = {
    Scope.ENTRY.value: pgettext_lazy("scope of an erasure", "one diary entry"),
    Scope.DIARIES.value: pgettext_lazy("scope of an erasure", "all diaries"),
    Scope.ACCOUNT.value: pgettext_lazy("scope of an erasure", "the account"),
}
REASONS = {
    Reason.OWN_WISH.value: _("the person withdrew their consent and erased the data themselves"),
    Reason.REQUEST.value: _("a request of the person, entered in the register"),
    Reason.REPLAY.value: _("a backup had brought back what was erased before"),
}


class DestructionAct(models.Model):
    """An act of destruction with all that order 179 of Roskomnadzor asks for; its id is its number.

    Append-only. ``person_id`` is the person's id and nothing else of them; ``actor_id`` has no constraint,
    because acts outlive accounts. ``destroyed`` is ``[{"section": …, "rows": {kind: count}}]``, ``kept``
    ``[{"what": …, "ground": …, "years": …, "count": …}]``, ``operator`` the particulars of that day.
    """

    id = models.BigAutoField(_("number"), primary_key=True)
    person_id = models.UUIDField(_("whose data"), db_index=True)
    scope = models.CharField(_("what was erased"), max_length=10, choices=list(SCOPES.items()))
    entry_id = models.UUIDField(null=True)
    reason = models.CharField(_("reason"), max_length=10, choices=list(REASONS.items()))
    request_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=20)
    destroyed = models.JSONField()
    kept = models.JSONField()
    key_destroyed = models.BooleanField()
    operator = models.JSONField()
    at = models.DateTimeField(_("destroyed at"))

    class Meta:
        verbose_name = _("act of destruction")
        verbose_name_plural = _("acts of destruction")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=[each.value for each in Scope]), name="destruction_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[each.value for each in Reason]), name="destruction_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class ErasureRequest(models.Model):
    """An erasure that its author has asked for; see the aggregate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10)
    entry_id = models.UUIDField(null=True)
    confirmation_id = models.UUIDField()
    status = models.CharField(max_length=16)
    requested_at = models.DateTimeField()
    act = models.ForeignKey(DestructionAct, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ErasureStatus.AWAITING_CODE.value, act__isnull=True)
                | Q(status=ErasureStatus.DONE.value, act__isnull=False),
                name="erasure_done_has_act",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.ENTRY.value, entry_id__isnull=False)
                | (~Q(scope=Scope.ENTRY.value) & Q(entry_id__isnull=True)),
                name="erasure_entry_is_named",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tombstone(models.Model):
    """That something was erased: ids and an instant. Append-only; copied to the file outside."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField(db_index=True)
    scope = models.CharField(max_length=10)
    entry_id = models.UUIDField(null=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
