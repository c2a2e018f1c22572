"""Tables of signing in to the workspace: sessions, tries of the second factor, invitations."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from apps.identity.infrastructure.models.user import User
from apps.kernel.infrastructure.fields import EncryptedTextField


class StaffSession(models.Model):
    """A session of the workspace, behind Django's sessions (see ``staff_session_store``).

    Of the key that the browser holds only the SHA-256 is kept, and the contents are ciphertext: a copy of
    this table opens no session. What the owner of a session is shown about it (``began_at``, ``seen_at``,
    ``ip``, ``device``) is repeated from the contents.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    contents = EncryptedTextField(row="key_hash")
    expires_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ip = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"workspace session {self.key_hash[:8]}"


class SecondFactorSecret(models.Model):
    """What allauth's table of authenticators only points at: the secret of somebody's authenticator app, and
    the seed of their recovery codes, as ciphertext under the person's key."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=20)
    secret = EncryptedTextField(row=("user_id", "method"), person="user_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "method"], name="second_factor_one_secret"),
        ]

    def __str__(self) -> str:
        return f"{self.method} of {self.user_id}"


class SecondFactorTries(models.Model):
    """Wrong codes since the last right one, the lock they led to, and the last time step that was used."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_counter = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"tries of {self.user_id}"


class StaffInvitation(models.Model):
    """A link that lets somebody of the practice choose a password: they are new, or have forgotten theirs.

    The token of the link is made when its letter is written; only its SHA-256 is kept, until it is used.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One link at a time: a new one takes the place of the one before.
            models.UniqueConstraint(
                fields=["user"],
                name="invitation_one_open",
                condition=Q(accepted_at__isnull=True, canceled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, canceled_at__isnull=True) | Q(token_hash__isnull=True),
                name="invitation_works_once",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
