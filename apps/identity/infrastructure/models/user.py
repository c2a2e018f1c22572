"""Tables of people."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.roles import STAFF, Role
from apps.identity.domain.user import DEFAULT_LANGUAGE, DEFAULT_TIME_ZONE, NAME_MAX_LENGTH, Status
from apps.kernel.infrastructure.findable import BlindIndexField, FindableIntegerField, FindableTextField

CONTACTS = ("email", "phone", "telegram_id")
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

    Contacts are ciphertext under the person's own key and found as a whole, through blind indexes; the name
    is kept plain, because people are searched by parts of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = FindableTextField(_("e-mail"), null=True, blank=True, person="id")
    email_index = BlindIndexField(of="email")
    phone = FindableTextField(_("phone"), null=True, blank=True, person="id")
    phone_index = BlindIndexField(of="phone")
    telegram_id = FindableIntegerField(_("Telegram id"), null=True, blank=True, person="id")
    telegram_id_index = BlindIndexField(of="telegram_id")
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
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True, f"{name}_index__isnull": True})
                    | Q(**{f"{name}__isnull": False, f"{name}_index__isnull": False}),
                    name=f"user_{name}_is_indexed",
                )
                for name in CONTACTS
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
            GinIndex(OpClass(Upper("display_name"), name="gin_trgm_ops"), name="user_search_display_name"),
        ]

    def __str__(self) -> str:
        if self.status == Status.DELETED:
            return gettext("deleted client")
        return self.display_name or self.email or self.phone or str(self.pk)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """A contact is never written without its index."""
        if update_fields is not None:
            names = set(update_fields)
            update_fields = names | {f"{name}_index" for name in CONTACTS if name in names}
        super().save(*args, update_fields=update_fields, **kwargs)

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
