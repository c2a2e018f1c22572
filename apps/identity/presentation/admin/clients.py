"""Clients in the workspace: found by name or contact, corrected and blocked by commands."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelect2Widget, UnfoldAdminTextInputWidget

from apps.identity import wiring
from apps.identity.domain.roles import Role, Verb
from apps.identity.domain.user import NAME_MAX_LENGTH, Status
from apps.identity.infrastructure.models import STATUS_NAMES, Client
from apps.identity.infrastructure.queries import with_contact
from apps.identity.presentation.admin.read_only import ReadOnlyRows, as_uuid, is_blocked, listed_id
from apps.kernel.infrastructure.fields import preload_keys
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.kernel.presentation.admin.panels import panels_of
from apps.kernel.presentation.admin.wording import zone_text
from apps.kernel.presentation.admin.zones import zone_choices

STATUS_COLOURS = {Status.ACTIVE: "success", Status.BLOCKED: "danger", Status.DELETED: "warning"}


class ContactForm(DialogForm):
    """A client's name and contacts."""

    display_name = forms.CharField(
        label=_("Name"), max_length=NAME_MAX_LENGTH, widget=UnfoldAdminTextInputWidget
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=UnfoldAdminEmailInputWidget
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For example +7 912 345-67-89. An e-mail address or a phone number is needed."),
    )

    def answers(self) -> dict[str, Any]:
        """What was typed, by the names of the use cases' arguments."""
        return {name: self.cleaned_data[name] for name in self.fields if not name.startswith("_")}


class CorrectForm(ContactForm):
    """The same with the time zone, filled in with what is known."""

    time_zone = forms.ChoiceField(label=_("Time zone"), widget=UnfoldAdminSelect2Widget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client_id = as_uuid(self.object_id)
        client = Client.objects.filter(pk=client_id).first() if client_id else None
        zones: Any = self.fields["time_zone"]
        zones.choices = zone_choices(timezone.now(), also=[client.time_zone] if client else [])
        if client is not None and not self.is_bound:
            for name in ("display_name", "email", "phone", "time_zone"):
                self.initial[name] = getattr(client, name)


@admin.register(Client)
class ClientAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("shown_name", "shown_email", "shown_phone", "shown_status", "created_at")
    list_display_links = ("shown_name",)
    list_filter = (("status", ChoicesDropdownFilter),)
    list_filter_submit = True
    search_fields = ("display_name",)
    search_help_text = _("Part of a name, or a whole e-mail or phone")
    ordering = ("display_name", "id")
    fields = ("display_name", "email", "phone", "shown_zone", "status", "created_at", "appointments")
    readonly_fields = ("shown_zone", "appointments")
    change_form_after_template = "identity/client_panels.html"
    actions_list: ClassVar = ["register"]
    actions_detail: ClassVar = ["correct", "block", "unblock"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        return super().get_queryset(request).filter(role=Role.CLIENT.value)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        client_id = as_uuid(object_id)
        panels = panels_of("client", client_id, request) if client_id else []
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), "panels": panels}
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The keys of everybody on the page are read in one go."""
        changelist = super().get_changelist_instance(request)
        preload_keys(changelist.result_list)
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        """A whole contact is found however it is typed, and a name by its parts."""
        contact = with_contact(search_term)
        if contact is not None:
            return queryset.filter(contact), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def has_register_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"identity.{Verb.ADD}_client")

    def has_correct_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm(f"identity.{Verb.CHANGE}_client")

    def has_block_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_correct_permission(request) and not is_blocked(object_id)

    def has_unblock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_correct_permission(request) and is_blocked(object_id)

    @dialog_action(
        title=_("New client…"),
        heading=_("New client"),
        description=_("Somebody already known by this contact is opened instead."),
        submit=_("Add"),
        permissions=["register"],
        form_class=ContactForm,
        icon="person_add",
        primary=True,
    )
    def register(self, request: HttpRequest, form: ContactForm) -> Done:
        client_id = wiring.ensure_client()(**form.answers(), actor=actor_of(request), at=timezone.now())
        url = reverse("admin:identity_client_change", args=[client_id])
        return Done(message=_("The client is on the list."), url=url)

    @dialog_action(
        title=_("Correct…"),
        heading=_("Correct the client's details"),
        submit=_("Save"),
        permissions=["correct"],
        form_class=CorrectForm,
        icon="edit",
    )
    def correct(self, request: HttpRequest, form: CorrectForm, object_id: str) -> Done:
        wiring.update_client()(
            user_id=listed_id(self, request, object_id),
            **form.answers(),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Done(message=_("The client's details are saved."))

    @dialog_action(
        title=_("Block…"),
        heading=_("Block this client?"),
        description=_("They are signed out at once and can neither sign in nor book. Appointments stay."),
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
        return Done(message=_("The client is blocked."))

    @dialog_action(
        title=_("Unblock…"),
        heading=_("Let this client in again?"),
        description=_("They will be able to sign in and book."),
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
        return Done(message=_("The client is no longer blocked."))

    @display(description=_("name"), ordering="display_name")
    def shown_name(self, client: Client) -> str:
        return str(client)

    @display(description=_("e-mail"))
    def shown_email(self, client: Client) -> str:
        return client.email or "—"

    @display(description=_("phone"))
    def shown_phone(self, client: Client) -> str:
        return client.phone or "—"

    @display(description=_("time zone"))
    def shown_zone(self, client: Client) -> str:
        return zone_text(client.time_zone, timezone.now())

    @display(description=_("appointments"))
    def appointments(self, client: Client) -> str:
        url = reverse(
            "admin:booking_appointment_changelist", query={"tab": "all", "client__id__exact": client.pk}
        )
        return format_html(
            '<a href="{}" class="text-primary-600 underline">{}</a>', url, _("All of this client's")
        )

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, client: Client) -> tuple[str, str]:
        return client.status, str(STATUS_NAMES[Status(client.status).value])
