"""Commands that want a fresh second factor (step-up): exports, refunds, keys, roles, erasure.

The kernel knows no authenticators: identity provides them when the application starts.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

FIELD = "second_factor"
PASSKEY = "second_factor_passkey"
LONGEST_ANSWER = 8_000
"""A passkey answers with about a kilobyte of JSON."""


class SecondFactor(Protocol):
    """The authenticators of whoever is signed in."""

    def is_fresh(self, request: HttpRequest) -> bool:
        """Whether the second factor was passed in this session less than STEP_UP_MINUTES ago."""
        ...

    def passkey_options(self, request: HttpRequest) -> Mapping[str, Any] | None:
        """What the browser needs to ask a passkey (WebAuthn's request options); None without one."""
        ...

    def refusal(self, request: HttpRequest, answer: str) -> str | None:
        """Check a code or a passkey's answer: None when it is right and the session is fresh again, else
        a sentence. Every wrong answer is counted and written to the audit log."""
        ...

    def page_url(self, request: HttpRequest) -> str:
        """The page that asks, and leads back to where ``request`` goes."""
        ...


class _NotProvided(RuntimeError):
    pass


_provided: list[SecondFactor] = []


def provide(second_factor: SecondFactor) -> None:
    """Say who checks second factors; the last one counts. Call it from ``AppConfig.ready``."""
    _provided[:] = [second_factor]


def second_factor() -> SecondFactor:
    """Raises RuntimeError when nobody checks second factors: nothing then passes."""
    if not _provided:
        raise _NotProvided("no context provides second factors")
    return _provided[0]


class SecondFactorInput(UnfoldAdminTextInputWidget):
    """A code to type, or a passkey to touch; what was given is never written back into the page.

    ``options`` is asked when the page is made, and not before an answer is looked at: it begins a new
    challenge, and the answer is to the one before.
    """

    def __init__(self, options: Callable[[], Mapping[str, Any] | None]) -> None:
        self.options = options
        super().__init__(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "maxlength": 40,
                "spellcheck": "false",
            }
        )

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        field = super().render(name, None, attrs, renderer)
        options = self.options()
        challenge = None if options is None else json.dumps(options)
        context = {"field": field, "options": challenge, "name": PASSKEY, "id": f"id_{PASSKEY}"}
        return render_to_string("kernel/second_factor_field.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(PASSKEY) or data.get(name)


def ask_in(form: forms.BaseForm, request: HttpRequest) -> None:
    """Add the field for a code or a passkey to ``form``, after all others."""
    form.fields[FIELD] = forms.CharField(
        label=_("Confirm that it is you"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=SecondFactorInput(partial(second_factor().passkey_options, request)),
        help_text=_("The code of your authenticator app, or a recovery code."),
    )


def is_confirmed(form: forms.BaseForm, request: HttpRequest) -> bool:
    """Whether the valid ``form`` holds the right answer; otherwise the field says what is wrong.

    To be asked last: a code works once, and must not be used up by a form with other faults.
    """
    refusal = second_factor().refusal(request, str(form.cleaned_data.pop(FIELD, "") or ""))
    if refusal is not None:
        form.add_error(FIELD, refusal)
        return False
    del form.fields[FIELD]
    return True


def detour(request: HttpRequest) -> HttpResponse | None:
    """For pages and downloads: the way over the page that asks, or None when nothing has to be asked."""
    factor = second_factor()
    return None if factor.is_fresh(request) else HttpResponseRedirect(factor.page_url(request))
