"""People who work in the practice and their roles: for owners only; every change is a command."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.identity import wiring
from apps.identity.domain.roles import STAFF, Role, Verb
from apps.identity.domain.user import NAME_MAX_LENGTH, Status
from apps.identity.infrastructure.models import ROLE_NAMES, STATUS_NAMES, User
from apps.identity.presentation.admin.clients import STATUS_COLOURS
from apps.identity.presentation.admin.read_only import ReadOnlyRows, as_uuid, is_blocked, listed_id
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action

STAFF_ROLES = [(role.value, ROLE_NAMES[role.value]) for role in (Role.ASSISTANT, Role.EDITOR, Role.OWNER)]
"""The owner comes last, so that nobody gets everything by a slip."""
ROLE_COLOURS = {Role.OWNER: "primary", Role.ASSISTANT: "info", Role.EDITOR: "success"}


class PasswordForm(DialogForm):
    """A new password; who gets it should change it after the first sign-in."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters, not only digits."),
    )


class EmployForm(PasswordForm):
    """Somebody new in the practice."""

    display_name = forms.CharField(
        label=_("Name"), max_length=NAME_MAX_LENGTH, widget=UnfoldAdminTextInputWidget
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, widget=UnfoldAdminEmailInputWidget)
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES, widget=UnfoldAdminSelectWidget)

    field_order = ("display_name", "email", "role", "password")


class RoleForm(DialogForm):
    """Another role, and why."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[*STAFF_ROLES, (Role.CLIENT.value, ROLE_NAMES[Role.CLIENT.value])],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("It is kept in the activity log."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user_id = None if self.is_bound else as_uuid(self.object_id)
        if user_id is not None:
            self.initial["role"] = User.objects.filter(pk=user_id).values_list("role", flat=True).first()


@admin.register(User)
class StaffAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("shown_name", "email", "shown_role", "shown_status", "last_login")
    list_display_links = ("shown_name",)
    list_filter = (("role", ChoicesDropdownFilter), ("status", ChoicesDropdownFilter))
    list_filter_submit = True
    search_fields = ("display_name", "email")
    search_help_text = _("Name or e-mail")
    ordering = ("display_name", "id")
    fields = ("display_name", "email", "role", "status", "last_login", "created_at")
    actions_list: ClassVar = ["employ"]
    actions_detail: ClassVar = ["change_role", "set_password", "block", "unblock"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(role__in=[role.value for role in STAFF])

    def has_manage_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm(f"identity.{Verb.CHANGE}_user")

    def has_block_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request) and not is_blocked(object_id)

    def has_unblock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request) and is_blocked(object_id)

    @dialog_action(
        title=_("Add somebody…"),
        heading=_("Somebody new in the practice"),
        submit=_("Add"),
        permissions=["manage"],
        form_class=EmployForm,
        icon="person_add",
        primary=True,
    )
    def employ(self, request: HttpRequest, form: EmployForm) -> Done:
        answers = form.cleaned_data
        wiring.employ()(
            display_name=answers["display_name"],
            email=answers["email"],
            role=Role(answers["role"]),
            password=answers["password"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The account is ready: they can sign in with this password."))

    @dialog_action(
        title=_("Change role…"),
        heading=_("Another role"),
        description=_("The new role holds at once; the person has to sign in again."),
        submit=_("Change role"),
        permissions=["manage"],
        form_class=RoleForm,
        icon="badge",
    )
    def change_role(self, request: HttpRequest, form: RoleForm, object_id: str) -> Done:
        wiring.change_role()(
            user_id=listed_id(self, request, object_id),
            role=Role(form.cleaned_data["role"]),
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The role is changed."))

    @dialog_action(
        title=_("Set a password…"),
        heading=_("A new password"),
        description=_("The person is signed out everywhere and signs in with the new password."),
        submit=_("Set the password"),
        permissions=["manage"],
        form_class=PasswordForm,
        icon="key",
    )
    def set_password(self, request: HttpRequest, form: PasswordForm, object_id: str) -> Done:
        wiring.set_password()(
            user_id=listed_id(self, request, object_id),
            password=form.cleaned_data["password"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The password is set."))

    @dialog_action(
        title=_("Block…"),
        heading=_("Close the workspace to this person?"),
        description=_("They are signed out at once. What they did stays in the log under their name."),
        submit=_("Block"),
        permissions=["block"],
        icon="block",
        danger=True,
    )
    def block(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.block_user()(
            user_id=listed_id(self, request, object_id),
            blocked=True,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The account is blocked."))

    @dialog_action(
        title=_("Unblock…"),
        heading=_("Open the workspace again?"),
        submit=_("Unblock"),
        permissions=["unblock"],
        icon="lock_open",
    )
    def unblock(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.block_user()(
            user_id=listed_id(self, request, object_id),
            blocked=False,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The account is open again."))

    @display(description=_("name"), ordering="display_name")
    def shown_name(self, user: User) -> str:
        return str(user)

    @display(description=_("role"), ordering="role", label=ROLE_COLOURS)
    def shown_role(self, user: User) -> tuple[str, str]:
        return user.role, str(ROLE_NAMES[Role(user.role).value])

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, user: User) -> tuple[str, str]:
        return user.status, str(STATUS_NAMES[Status(user.status).value])
