"""Commands of the workspace: an action opens a dialog (GET), the dialog makes one use-case call (POST)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin import step_up as stepping_up
from apps.kernel.presentation.admin.refusals import show_refusal

type Text = str | Promise
type AnyModelAdmin = ModelAdmin[Any]

PAGE = "kernel/dialog_page.html"
DIALOG = "unfold/helpers/dialog.html"


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command tells when it has succeeded. ``url`` is the page to open, by default the one before."""

    message: Text
    url: str | None = None


class DialogForm(BaseDialogForm):
    """The form of a dialog. Values of the query string prefill its fields.

    ``places`` maps the field of a domain error to the form's field where the names differ, ``words`` its code
    to a sentence for staff where its own speaks to a client.
    """

    places: ClassVar[Mapping[str, str]] = {}
    words: ClassVar[Mapping[str, Text]] = {}

    def __init__(
        self, request: HttpRequest, object_id: Any = None, data: Any = None, files: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(request=request, object_id=object_id, data=data, files=files, **kwargs)
        for name in self.fields.keys() & request.GET.keys():
            self.initial.setdefault(name, request.GET[name])


class VersionedDialogForm(DialogForm):
    """Remembers which version of the record the person saw; pass ``expected_version`` on to the use case."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["expected_version"] = self.version_now()

    def version_now(self) -> int | None:
        """The version of the record the dialog is opened for."""
        raise NotImplementedError

    @property
    def version_seen(self) -> int | None:
        """The version that was shown when the dialog was opened."""
        return self.cleaned_data.get("expected_version")


def dialog_action(
    *,
    title: Text,
    permissions: Iterable[str],
    submit: Text,
    form_class: type[BaseDialogForm] = DialogForm,
    description: Text | None = None,
    heading: Text | None = None,
    icon: str | None = None,
    url_path: str | None = None,
    danger: bool = False,
    primary: bool = False,
    step_up: bool = False,
) -> Callable[[Callable[..., Done]], Callable[..., HttpResponse]]:
    """Make a method of a ModelAdmin an unfold action that runs on POST only, from a dialog.

    The method gets ``(request, form, object_id=…)`` with a valid form (none in ``actions_list``) and
    returns :class:`Done`. A DomainError it raises is shown at the field to blame, everything typed stays.
    ``title`` is the button's text, ``heading`` the dialog's (default: the same). Without JavaScript it
    is a page of its own. With ``step_up`` it asks for a second factor too, unless that was passed a few
    minutes ago.
    """
    dialog = {"title": heading or title, "description": description, "form_class": form_class}

    def decorate(command: Callable[..., Done]) -> Callable[..., HttpResponse]:
        @wraps(command)
        def run(model_admin: AnyModelAdmin, request: HttpRequest, **kwargs: Any) -> HttpResponse:
            sent = request.method == "POST"
            form = form_class(
                data=request.POST if sent else None,
                files=request.FILES if sent else None,
                request=request,
                object_id=kwargs.get("object_id"),
            )
            asks = step_up and not stepping_up.second_factor().is_fresh(request)
            if asks:
                stepping_up.ask_in(form, request)
            if sent and form.is_valid() and (not asks or stepping_up.is_confirmed(form, request)):
                try:
                    return _leave(model_admin, request, command(model_admin, request, form, **kwargs))
                except DomainError as error:
                    places, words = getattr(form, "places", None), getattr(form, "words", None)
                    show_refusal(form, error, places=places, words=words)
            return _show(model_admin, request, form)

        def _show(model_admin: AnyModelAdmin, request: HttpRequest, form: BaseDialogForm) -> HttpResponse:
            context: dict[str, Any] = {
                "dialog": dialog,
                "form": form,
                "form_submit_text": submit,
                "danger": danger,
            }
            if is_partial(request):
                return render(request, DIALOG, context)
            context |= model_admin.admin_site.each_context(request)
            context |= {
                "title": dialog["title"],
                "opts": model_admin.opts,
                "back": _page_before(model_admin, request),
            }
            return render(request, PAGE, context)

        variant = (
            ActionVariant.DANGER if danger else ActionVariant.PRIMARY if primary else ActionVariant.DEFAULT
        )
        guarded = action(
            run,
            description=title,
            permissions=list(permissions),
            icon=icon,
            url_path=url_path,
            variant=variant,
        )
        guarded.dialog = {**dialog, "form_submit_text": submit}
        guarded.step_up = step_up
        return guarded

    return decorate


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def _leave(model_admin: AnyModelAdmin, request: HttpRequest, done: Done) -> HttpResponse:
    messages.success(request, str(done.message))
    url = done.url or _page_before(model_admin, request)
    return HttpResponse(headers={"HX-Redirect": url}) if is_partial(request) else HttpResponseRedirect(url)


def _page_before(model_admin: AnyModelAdmin, request: HttpRequest) -> str:
    """The workspace's page that the dialog was opened from, else the list."""
    came_from = request.headers.get("HX-Current-URL") or ""
    if came_from and url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse(
        f"{model_admin.admin_site.name}:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"
    )
