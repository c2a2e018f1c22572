"""Consents for an inspector: a table, or a signed file whose hashes prove themselves."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from apps.identity import wiring
from apps.identity.application.consent_ports import SealNotSet
from apps.identity.application.export_part import Part
from apps.identity.infrastructure import consent_desk as desk
from apps.identity.infrastructure.models import Consent, User
from apps.identity.infrastructure.queries import with_contact
from apps.identity.presentation.admin import consent_words as words
from apps.identity.presentation.admin.read_only import as_uuid
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import midnight
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.kernel.presentation.admin.step_up import detour
from apps.kernel.presentation.admin.table_files import as_xlsx, neutral

LINK_SECONDS = 60
TABLE, SIGNED, WHOLE = "xlsx", "json", "whole"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES = "application/x-ndjson"
_SALT = "identity.consents"


class ConsentExportForm(DialogForm):
    """Which acts, and in which form. ``person_id`` is set by cleaning ``person``."""

    person_id: UUID | None = None
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=[
            (TABLE, _("Table (XLSX)")),
            (SIGNED, _("Signed file (JSON)")),
            (WHOLE, _("Signed file (JSON) of the whole chain, whatever the days")),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    since = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget)
    until = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget)
    person = forms.CharField(
        label=_("Only one person"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Their whole e-mail or phone, or the number of their account. Empty: everybody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.setdefault("since", today - timedelta(days=365))
        self.initial.setdefault("until", today)

    def clean_person(self) -> str:
        text: str = self.cleaned_data["person"].replace("\0", "").strip()
        if text:
            person_id = as_uuid(text)
            found: QuerySet[User] = User.objects.filter(pk=person_id) if person_id else User.objects.none()
            contact = with_contact(text)
            if person_id is None and contact is not None:
                found = User.objects.filter(contact)
            row = found.first()
            if row is None:
                raise forms.ValidationError(_("Nobody is found by this."))
            self.person_id = row.pk
        return text

    def clean_file_format(self) -> str:
        chosen: str = self.cleaned_data["file_format"]
        if chosen != TABLE:
            try:
                wiring.consent_seal()
            except SealNotSet as error:
                raise forms.ValidationError(
                    _("The practice has no key to sign with yet. Ask who runs the server to set one.")
                ) from error
        return chosen

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return answers


class ConsentExport:
    """Mixin for the admin of consents: the dialog, and the file behind a ticket."""

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("identity.export_consent")

    @dialog_action(
        title=_("Export…"),
        heading=_("Consents for an inspector"),
        description=_(
            "What proves an act stays encrypted in the signed file. The export is written down in the log."
        ),
        submit=_("Download"),
        permissions=["export"],
        form_class=ConsentExportForm,
        icon="download",
        step_up=True,
    )
    def export(self, request: HttpRequest, form: ConsentExportForm) -> Done:
        answers = form.cleaned_data
        chosen, now = answers["file_format"], timezone.now()
        if chosen != WHOLE:
            part = _part(answers["since"], answers["until"], form.person_id)
            wiring.record_consent_export()(part, file_format=chosen, actor=actor_of(request), at=now)
        person = None if form.person_id is None else str(form.person_id)
        days = [answers["since"].isoformat(), answers["until"].isoformat()]
        ticket = signing.dumps([str(request.user.pk), *days, person, chosen], salt=_SALT)
        return Done(
            message=_("The consents have been exported."),
            url=reverse("admin:identity_consent_download", args=[ticket]),
        )

    def download(self, request: HttpRequest, ticket: str) -> HttpResponseBase:
        """The file of an export that was just asked for; a ticket is its person's, for a minute."""
        try:
            told = signing.loads(ticket, salt=_SALT, max_age=LINK_SECONDS)
        except signing.BadSignature as error:
            raise PermissionDenied from error
        user_id, since, until, person, chosen = told
        if request.method != "GET" or user_id != str(request.user.pk):
            raise PermissionDenied
        if not self.has_export_permission(request):
            raise PermissionDenied
        if (asked := detour(request)) is not None:
            return asked
        now = timezone.now()
        if chosen == WHOLE:
            lines = wiring.export_consents()(actor=actor_of(request), at=now)
            return _file(StreamingHttpResponse(lines, content_type=LINES), f"consents_{now:%Y-%m-%d}.jsonl")
        part = _part(date.fromisoformat(since), date.fromisoformat(until), as_uuid(person))
        name = f"consents_{since}_{until}"
        if chosen == SIGNED:
            lines = wiring.export_part()(part, at=now)
            return _file(StreamingHttpResponse(lines, content_type=LINES), f"{name}.jsonl")
        return _file(HttpResponse(_table(part), content_type=XLSX), f"{name}.xlsx")


def _part(since: date, until: date, person_id: UUID | None) -> Part:
    return Part(since=midnight(since), until=midnight(until + timedelta(days=1)), user_id=person_id)


def _file(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _table(part: Part) -> bytes:
    headings = [
        gettext("Link"),
        gettext("When"),
        gettext("Who"),
        gettext("Number of the person"),
        gettext("Purpose"),
        gettext("Version"),
        gettext("Act"),
        gettext("Channel"),
        gettext("Text, SHA-256"),
        gettext("Act, SHA-256"),
        gettext("Link, SHA-256"),
        gettext("Link before, SHA-256"),
    ]
    acts = desk.acts_with_links(since=part.since, until=part.until, user_id=part.user_id)
    return as_xlsx(headings, _rows(acts), title=gettext("Consents"))


def _rows(acts: Iterator[Consent]) -> Iterator[list[Any]]:
    for act in acts:
        told: Any = act
        yield [
            told.seq,
            timezone.localtime(act.at).replace(tzinfo=None),
            neutral(str(act.user)),
            str(act.user_id),
            words.purpose_name(act.purpose),
            neutral(act.version),
            words.act_name(act.status),
            neutral(words.channel_name(act.channel)),
            act.sha256,
            told.content_hash,
            told.link_hash,
            told.previous_hash,
        ]
