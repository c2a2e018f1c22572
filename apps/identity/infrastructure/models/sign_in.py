"""Tables of signing in to the API."""

from uuid import uuid4

from django.db import models

from apps.identity.infrastructure.models.user import User
from apps.kernel.infrastructure.fields import EncryptedTextField


class SignInCode(models.Model):
    """The state of signing in by e-mail, one row per address.

    ``address_hash`` is an HMAC of the address; ``address`` its ciphertext, for the job that sends the mail.
    ``state`` belongs to allauth's verification process; the code is kept only as an HMAC.
    """

    address_hash = models.CharField(max_length=64, unique=True)
    address = EncryptedTextField(row="address_hash")
    language = models.CharField(max_length=10)
    code_hash = models.CharField(max_length=64, blank=True)
    state = models.JSONField(default=dict)
    window_start = models.DateTimeField()
    requests = models.PositiveIntegerField()
    requested_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"sign-in code {self.pk}"


class ApiSession(models.Model):
    """A signed-in client of the API; only the SHA-256 of the token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session {self.pk}"
