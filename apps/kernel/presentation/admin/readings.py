"""Private texts (P2) in the workspace: shown once, after a reason was chosen from a short list.

A page asks for the reason by GET and shows the text in the answer to the POST: whoever opens it again chooses
again. The use case that ``show`` calls writes the reading into the audit log in one transaction with reading
the text (``apps.kernel.domain.readings``), before anything is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.kernel.domain.readings import ReadingReason
from apps.kernel.presentation.admin.choices import Card, ChoiceCards, set_cards

type Text = str | Promise

PAGE = "kernel/reading_reason.html"

REASON_NAMES: Mapping[str, Text] = {
    ReadingReason.PREPARATION: _("preparation for the session"),
    ReadingReason.CLIENT_REQUEST: _("the client has asked for it"),
    ReadingReason.SUPERVISION: _("supervision"),
    ReadingReason.CRISIS: _("a crisis: somebody may be in danger"),
    ReadingReason.QUALITY: _("check of quality"),
    ReadingReason.AUTHORITY: _("request of an authority"),
}


class ReasonForm(forms.Form):
    """Why the text is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open it?"),
        widget=ChoiceCards,
        error_messages={"required": _("Choose a reason first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        set_cards(field, [Card(value=code, title=str(name)) for code, name in REASON_NAMES.items()])


def show_after_reason(
    request: HttpRequest,
    *,
    context: Mapping[str, Any],
    title: Text,
    about: str,
    back: str,
    breadcrumbs: Sequence[tuple[str, str]],
    show: Callable[[ReadingReason], HttpResponse],
) -> HttpResponse:
    """Ask why a text is read; once that is answered, return what ``show`` makes of the reason.

    ``context`` is the admin site's, ``title`` names the text, ``about`` whose it is, ``back`` the page to
    return to. Check who may read at all before calling this. No answer is kept by browsers or caches.
    """
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        response = show(ReadingReason(form.cleaned_data["reason"]))
    else:
        page = {
            **context,
            "title": title,
            "about": about,
            "back": back,
            "breadcrumbs": breadcrumbs,
            "form": form,
        }
        response = TemplateResponse(request, PAGE, page)
    add_never_cache_headers(response)
    return response
