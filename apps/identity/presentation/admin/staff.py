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
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.identity import wiring
from apps.identity.domain.roles import STAFF, Role, Verb
from apps.identity.domain.user import NAME_MAX_LENGTH, Status
from apps.identity.infrastructure.invitations import open_invitation
from apps.identity.infrastructure.models import ROLE_NAMES, STATUS_NAMES, User
from apps.identity.infrastructure.queries import with_contact
from apps.identity.presentation.admin.clients import STATUS_COLOURS
from apps.identity.presentation.admin.read_only import ReadOnlyRows, as_uuid, is_blocked, listed_id
from apps.kernel.infrastructure.fields import preload_keys
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action

STAFF_ROLES = [(role.value, ROLE_NAMES[role.value]) for role in (Role.ASSISTANT, Role.EDITOR, Role.OWNER)]
"""The owner comes last, so that nobody gets everything by a slip."""
ROLE_COLOURS = {Role.OWNER: "primary", Role.ASSISTANT: "info", Role.EDITOR: "success"}


class InviteForm(DialogForm):
    """Somebody new in the practice."""

    display_name = forms.CharField(
        label=_("Name"), max_length=NAME_MAX_LENGTH, widget=UnfoldAdminTextInputWidget
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, widget=UnfoldAdminEmailInputWidget)
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES, widget=UnfoldAdminSelectWidget)


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
    list_display = ("shown_name", "shown_email", "shown_role", "shown_status", "last_login")
    list_display_links = ("shown_name",)
    list_filter = (("role", ChoicesDropdownFilter), ("status", ChoicesDropdownFilter))
    list_filter_submit = True
    search_fields = ("display_name",)
    search_help_text = _("Part of a name, or a whole e-mail")
    ordering = ("display_name", "id")
    fields = ("display_name", "email", "role", "status", "last_login", "created_at")
    actions_list: ClassVar = ["invite"]
    actions_detail: ClassVar = [
        "change_role",
        "invite_again",
        "cancel_invitation",
        "reset_second_factors",
        "block",
        "unblock",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(role__in=[role.value for role in STAFF])

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The keys of everybody on the page are read in one go."""
        changelist = super().get_changelist_instance(request)
        preload_keys(changelist.result_list)
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        contact = with_contact(search_term)
        if contact is not None:
            return queryset.filter(contact), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    @display(description=_("e-mail"))
    def shown_email(self, user: User) -> str:
        return user.email or "—"

    def has_manage_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm(f"identity.{Verb.CHANGE}_user")

    def has_invitation_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether there is an invitation to cancel."""
        user_id = as_uuid(object_id)
        return (
            self.has_manage_permission(request)
            and user_id is not None
            and open_invitation(user_id, at=timezone.now()) is not None
        )

    def has_block_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request) and not is_blocked(object_id)

    def has_unblock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_manage_permission(request) and is_blocked(object_id)

    @dialog_action(
        title=_("Invite somebody…"),
        heading=_("Somebody new in the practice"),
        description=_("They get a letter with a link, choose a password and set up their second factor."),
        submit=_("Send the invitation"),
        permissions=["manage"],
        form_class=InviteForm,
        icon="person_add",
        primary=True,
        step_up=True,
    )
    def invite(self, request: HttpRequest, form: InviteForm) -> Done:
        answers = form.cleaned_data
        wiring.invite_staff()(
            display_name=answers["display_name"],
            email=answers["email"],
            role=Role(answers["role"]),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The invitation is on its way. Its link works for 72 hours."))

    @dialog_action(
        title=_("Change role…"),
        heading=_("Another role"),
        description=_("The new role holds at once; the person has to sign in again."),
        submit=_("Change role"),
        permissions=["manage"],
        form_class=RoleForm,
        icon="badge",
        step_up=True,
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
        title=_("Send a link for a password…"),
        heading=_("A link to choose a password"),
        description=_(
            "For whoever lost the invitation or forgot the password. Links sent before stop working; the "
            "present password works until a new one is chosen."
        ),
        submit=_("Send the link"),
        permissions=["manage"],
        icon="forward_to_inbox",
        step_up=True,
    )
    def invite_again(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.invite_staff().again(
            user_id=listed_id(self, request, object_id), actor=actor_of(request), at=timezone.now()
        )
        return Done(message=_("The link is on its way. It works for 72 hours."))

    @dialog_action(
        title=_("Cancel the invitation…"),
        heading=_("Cancel the invitation?"),
        description=_("The link in the letter stops working."),
        submit=_("Cancel the invitation"),
        permissions=["invitation"],
        icon="unsubscribe",
        danger=True,
        step_up=True,
    )
    def cancel_invitation(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.invite_staff().cancel(
            user_id=listed_id(self, request, object_id), actor=actor_of(request), at=timezone.now()
        )
        return Done(message=_("The invitation is canceled."))

    @dialog_action(
        title=_("Reset the second factor…"),
        heading=_("Reset the second factor?"),
        description=_(
            "For whoever has lost their phone and their recovery codes. Make sure that it is they who ask: "
            "in person, or by a call. They are signed out everywhere, and set up a new one at the next "
            "sign-in."
        ),
        submit=_("Reset"),
        permissions=["manage"],
        icon="phonelink_erase",
        danger=True,
        step_up=True,
    )
    def reset_second_factors(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.reset_second_factors()(
            user_id=listed_id(self, request, object_id), actor=actor_of(request), at=timezone.now()
        )
        return Done(message=_("The second factor is reset."))

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
