"""Tables of people, their sign-ins and their consents."""

from typing import Any
from uuid import uuid4

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.identity.domain.consent import ConsentStatus, Purpose
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.roles import STAFF, Role
from apps.identity.domain.user import DEFAULT_LANGUAGE, DEFAULT_TIME_ZONE, NAME_MAX_LENGTH, Status
from apps.kernel.infrastructure.fields import EncryptedJSONField, EncryptedTextField

ROLE_NAMES = {
    Role.OWNER.value: _("owner"),
    Role.ASSISTANT.value: _("assistant"),
    Role.EDITOR.value: _("editor"),
    Role.CLIENT.value: _("client"),
}
STATUS_NAMES = {
    Status.ACTIVE.value: _("active"),
    Status.BLOCKED.value: _("blocked"),
    Status.DELETED.value: _("deleted"),
}
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


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """A client unless ``role`` says otherwise; without a password they cannot sign in by one."""
        user = self.model(email=normalise_email(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An owner: the role is all that Django's superuser means here."""
        return self.create_user(email, password, **{**fields, "role": Role.OWNER.value})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Permissions come from ``role`` through the backends: there are no permission tables.

    Contacts and the name are kept plain, because people are searched by them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True)
    telegram_id = models.BigIntegerField(_("Telegram id"), unique=True, null=True, blank=True)
    display_name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=DEFAULT_TIME_ZONE)
    language = models.CharField(_("language of letters"), max_length=10, default=DEFAULT_LANGUAGE)
    status = models.CharField(
        _("status"), max_length=10, choices=list(STATUS_NAMES.items()), default=Status.ACTIVE.value
    )
    role = models.CharField(
        _("role"), max_length=10, choices=list(ROLE_NAMES.items()), default=Role.CLIENT.value
    )
    created_at = models.DateTimeField(_("registered"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users and roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DELETED.value)
                | Q(email__isnull=False)
                | Q(phone__isnull=False)
                | Q(telegram_id__isnull=False),
                name="user_has_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email=Lower("email")) & ~Q(email=""),
                name="user_email_is_normal",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="user_phone_is_normal",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DELETED.value) | Q(role=Role.CLIENT.value) | Q(email__isnull=False),
                name="user_staff_has_email",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[each.value for each in Role]), name="user_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in Status]), name="user_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["role", "display_name"], name="user_role_name"),
            *(
                GinIndex(OpClass(Upper(column), name="gin_trgm_ops"), name=f"user_search_{column}")
                for column in ("display_name", "email", "phone")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email or self.phone or str(self.pk)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a column in Django, derived here
        return self.status == Status.ACTIVE

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_superuser(self) -> bool:
        """Whether this is the owner; grants nothing by itself, see :meth:`has_perm`."""
        return self.role == Role.OWNER

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self._any_backend("has_perm", perm, obj)

    def has_perms(self, perm_list: Any, obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self._any_backend("has_module_perms", app_label)

    def get_all_permissions(self, obj: models.Model | None = None) -> set[str]:
        return {
            perm
            for backend in get_backends()
            if hasattr(backend, "get_all_permissions")
            for perm in backend.get_all_permissions(self, obj)
        }

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Workspace sessions end when the password, the role or the status changes."""
        value = f"{self.password}|{self.role}|{self.status}"
        return salted_hmac("identity.user.session", value, secret=secret, algorithm="sha256").hexdigest()

    def _any_backend(self, question: str, *args: object) -> bool:
        for backend in get_backends():
            if hasattr(backend, question):
                try:
                    if getattr(backend, question)(self, *args):
                        return True
                except PermissionDenied:
                    return False
        return False


class Client(User):
    """The people whom the practice serves, for the workspace's list of clients."""

    class Meta:
        proxy = True
        verbose_name = _("client of the practice")
        verbose_name_plural = _("clients")


class SignInCode(models.Model):
    """The state of signing in by e-mail, one row per address.

    ``address_hash`` is an HMAC of the address; ``address`` its ciphertext, for the job that sends the mail.
    ``state`` belongs to allauth's verification process; the code is kept only as an HMAC.
    """

    address_hash = models.CharField(max_length=64, unique=True)
    address = EncryptedTextField()
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


class Consent(models.Model):
    """One act of one person about one document; rows are only ever added.

    ``evidence`` (address, user agent and the like) is kept as ciphertext. The version and the hash repeat
    the document's, so that the act proves by itself what was agreed to.
    """

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
    evidence = EncryptedJSONField(_("evidence"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(F("user"), F("purpose"), F("at").desc(), F("id").desc(), name="consent_latest"),
            models.Index(fields=["-at", "-id"], name="consent_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in ConsentStatus]), name="consent_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}: {self.get_status_display()}"
