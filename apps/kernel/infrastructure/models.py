"""Tables of the API's plumbing."""

from django.db import models

from apps.kernel.infrastructure.fields import EncryptedTextField


class IdempotencyRecord(models.Model):
    """The answer that a writing call got under its ``Idempotency-Key``; lives 24 hours.

    ``fingerprint`` is a keyed hash of method, path and body. ``body`` may hold personal data or a session
    token, so it is kept as ciphertext.
    """

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = EncryptedTextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_owner_key_unique")]

    def __str__(self) -> str:
        return f"answer {self.pk} ({self.status})"


class RateLimitCounter(models.Model):
    """Calls of one subject in one window of a scope. The table is UNLOGGED: a crash may empty it."""

    scope = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    window_start = models.DateTimeField(db_index=True)
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "subject", "window_start"], name="rate_limit_counter_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.hits}"
