"""The chain of consents: whether it holds, how long it is, where its head was made known."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.identity import wiring
from apps.identity.application.consent_ports import HeadsUnreadable
from apps.identity.infrastructure import consent_desk as desk
from apps.identity.infrastructure.models import ConsentChainCheck
from apps.identity.presentation.admin import consent_words as words
from apps.identity.presentation.admin.read_only import ReadOnlyRows
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action


class PublishedHeadsUnreadable(DomainError):
    """There is nothing to compare the chain with."""

    code = "published_heads_unreadable"
    message = gettext_noop("The file with the published heads cannot be read. Ask who runs the server.")


@admin.register(ConsentChainCheck)
class ConsentChainCheckAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("shown_at", "result", "links", "shown_problem")
    list_display_links = ("shown_at",)
    list_before_template = "identity/consent_chain.html"
    ordering = ("-at", "-id")
    sortable_by = ()
    fields = ("shown_at", "result", "shown_problem", "links", "seq", "shown_head")
    readonly_fields = ("shown_at", "result", "shown_problem", "shown_head")
    actions_list: ClassVar = ["check_now"]

    class Media:
        css: ClassVar = {"all": ["identity/consents.css"]}

    def has_check_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("identity.change_consentchaincheck")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **_status()})

    @dialog_action(
        title=_("Check now…"),
        heading=_("Check the whole chain now?"),
        description=_(
            "Every act is counted again and compared with the published heads. A million acts take about a "
            "minute."
        ),
        submit=_("Check"),
        permissions=["check"],
        icon="verified_user",
        primary=True,
    )
    def check_now(self, request: HttpRequest, form: DialogForm) -> Done:
        try:
            verdict = wiring.check_consent_chain()(actor=actor_of(request), at=timezone.now())
        except HeadsUnreadable as error:
            raise PublishedHeadsUnreadable from error
        cache.delete(desk.BROKEN_KEY)
        url = reverse("admin:identity_consentchaincheck_changelist")
        if verdict.holds:
            return Done(message=_("The chain holds: nobody has changed anything."), url=url)
        return Done(message=_("The check has found a problem: see below."), url=url)

    @display(description=_("when"))
    def shown_at(self, check: ConsentChainCheck) -> str:
        return words.when(check.at)

    @display(description=_("result"))
    def result(self, check: ConsentChainCheck) -> SafeString:
        return _result(check)

    @display(description=_("what was found"))
    def shown_problem(self, check: ConsentChainCheck) -> str:
        return problem_text(check)

    @display(description=_("head"))
    def shown_head(self, check: ConsentChainCheck) -> SafeString:
        return words.unbroken(check.head)


def problem_text(check: ConsentChainCheck) -> str:
    """The problem in plain words with the number of its link, or a dash."""
    if not check.problem:
        return "—"
    text = words.problem_name(check.problem)
    if check.problem_seq is None:
        return text
    return f"{text} {gettext('Link № %(number)s.') % {'number': check.problem_seq}}"


def _result(check: ConsentChainCheck) -> SafeString:
    if check.problem:
        return words.chip(gettext("problem"), icon="error", look="no_show")
    return words.chip(gettext("holds"), icon="check_circle", look="completed")


def _status() -> dict[str, Any]:
    check, link = desk.last_check(), desk.last_link()
    try:
        heads = wiring.published_heads().all()
        readable = True
    except HeadsUnreadable:
        heads, readable = [], False
    published = heads[-1] if heads else None
    return {
        "check": check,
        "check_when": words.when(check.at) if check else "",
        "check_chip": _result(check) if check else "",
        "problem": problem_text(check) if check and check.problem else "",
        "length": link.seq if link else 0,
        "head": words.unbroken(link.hash) if link else "—",
        "published": published,
        "published_when": words.when(published.at) if published else "",
        "heads_readable": readable,
        "head_file": str(settings.CONSENT_HEAD_FILE).rpartition("/")[2],
    }
