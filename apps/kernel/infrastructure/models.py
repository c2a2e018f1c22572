"""Tables of the plumbing: of the API and of the queue."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    body = EncryptedTextField(row=("owner", "key"))
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_owner_key_unique")]

    def __str__(self) -> str:
        return f"answer {self.pk} ({self.status})"


class PersonKey(models.Model):
    """The data key of a person, wrapped by the key-encryption key of ``generation``; without a person, the
    practice's own. A destroyed key leaves its row, so that it is never made anew; the database refuses to
    delete one, and to bring a destroyed one back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.UUIDField(null=True)
    wrapped = models.BinaryField(null=True)
    generation = models.CharField(max_length=40, blank=True, db_index=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], nulls_distinct=False, name="person_key_unique"),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | models.Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="person_key_destroyed_or_there",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(destroyed_at__isnull=True),
                name="practice_key_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


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


class JobFailure(models.Model):
    """Why a job of the queue fails; gone as soon as it succeeds. Codes, classes and places only, no texts.

    ``runs`` counts the failed runs, ``runs_by_kind`` each kind of failure for itself. ``given_up_at`` is set
    when the last of them has failed: the job rests until a person decides.
    """

    job_id = models.BigIntegerField(_("job"), primary_key=True)
    task_name = models.CharField(_("what"), max_length=128)
    queueing_lock = models.TextField(null=True, db_index=True)
    kind = models.CharField(_("reason"), max_length=20)
    code = models.CharField(max_length=100)
    error = models.CharField(_("kind of error"), max_length=200)
    place = models.CharField(_("place in the program"), max_length=200)
    runs = models.PositiveIntegerField(_("tries"))
    runs_by_kind = models.JSONField()
    first_failed_at = models.DateTimeField(_("first failed"))
    last_failed_at = models.DateTimeField(_("last failed"))
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job that needs attention")
        verbose_name_plural = _("Needs attention")

    def __str__(self) -> str:
        return f"№ {self.job_id}"
