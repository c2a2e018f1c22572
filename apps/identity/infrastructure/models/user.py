"""Tables of people."""

from typing import Any
from uuid import uuid4

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.roles import STAFF, Role
from apps.identity.domain.user import DEFAULT_LANGUAGE, DEFAULT_TIME_ZONE, NAME_MAX_LENGTH, Status

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
