"""Table of steps that are proved by a code."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from apps.identity.domain.confirmation import ConfirmationPurpose
from apps.identity.infrastructure.models.user import User
from apps.kernel.infrastructure.fields import EncryptedTextField


class Confirmation(models.Model):
    """A step that somebody signed in proves by a code sent to them; forgotten after three days.

    ``sent_to`` is the address the code goes to (empty: the one the person has by then), ``new_value``
    the contact that the step brings, ``old_email`` the address it replaced: ciphertext under the person's
    key. ``state`` belongs to allauth's verification process; the code is kept only as an HMAC. ``closed_at``
    is set once no code can be had for the step any more; ``accepted``, when that is because it was proved.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=30)
    sent_to = EncryptedTextField(row="id", person="user_id", blank=True)
    new_value = EncryptedTextField(row="id", person="user_id", null=True, blank=True)
    old_email = EncryptedTextField(row="id", person="user_id", blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    state = models.JSONField(default=dict)
    requested_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[each.value for each in ConfirmationPurpose]),
                name="confirmation_purpose_is_known",
            ),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(closed_at__isnull=False, code_hash=""),
                name="confirmation_works_once",
            ),
            # Whatever was asked for before has stopped working.
            models.UniqueConstraint(
                fields=["user", "purpose"], name="confirmation_one_open", condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.pk}"
