"""The pages between password and workspace: the second factor, its enrolment, the recovery codes."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal.auth import begin_registration
from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.identity import wiring
from apps.identity.domain.second_factor import AUTHENTICATOR_NAME_LENGTH
from apps.identity.infrastructure.authenticators import has_enrolled
from apps.identity.presentation.second_factor import SIGN_IN, STEP_UP, check, passkey_answer, plain
from apps.identity.presentation.staff_gate import safe_next
from apps.identity.presentation.staff_visit import pass_second_factor, visit_of
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin import step_up
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import show_refusal

CODES = "staff_codes"
"""Under this name a session holds recovery codes until they are shown, which is once."""


class StepForm(forms.Form):
    """A code or a passkey; its one field is the kernel's."""


class EnrolForm(forms.Form):
    """The first code of an authenticator app, or what a new passkey has signed."""

    name = forms.CharField(
        label=_("Name of the device"),
        required=False,
        max_length=AUTHENTICATOR_NAME_LENGTH,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("So that you recognise it in the list: “Phone”, “Key on the key ring”."),
    )
    code = forms.CharField(
        label=_("Code that the app shows now"),
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    passkey = forms.CharField(
        required=False,
        max_length=step_up.LONGEST_ANSWER,
        widget=forms.HiddenInput(attrs={"id": "id_passkey"}),
    )


class SignInSteps:
    """Views of the site ``site``; they are open to whoever has given a password."""

    def __init__(self, site: AdminSite) -> None:
        self._site = site

    def urls(self) -> list[URLPattern]:
        views = (
            ("second-factor/", self.sign_in, "second_factor"),
            ("second-factor/confirm/", self.confirm, "second_factor_confirm"),
            ("second-factor/enrol/", self.enrol, "second_factor_enrol"),
            ("second-factor/codes/", self.codes, "second_factor_codes"),
        )
        return [path(route, self._site.admin_view(view), name=name) for route, view, name in views]

    def sign_in(self, request: HttpRequest) -> HttpResponse:
        """The step after the password."""
        goes_to = _goes_to(request)
        if _has_passed(request):
            return HttpResponseRedirect(goes_to)
        if not has_enrolled(_user_id(request)):
            return _to("second_factor_enrol", goes_to)
        return self._ask(request, goes_to, purpose=SIGN_IN, title=gettext("Confirm that it is you"))

    def confirm(self, request: HttpRequest) -> HttpResponse:
        """Step-up for pages and downloads: asks again, and leads back."""
        goes_to = _goes_to(request)
        if not _has_passed(request):
            return _to("second_factor", goes_to)
        if step_up.second_factor().is_fresh(request):
            return HttpResponseRedirect(goes_to)
        return self._ask(request, goes_to, purpose=STEP_UP, title=gettext("Once more, please"))

    def enrol(self, request: HttpRequest) -> HttpResponse:
        """A new authenticator: the first one, or one more once the second factor was passed just now."""
        goes_to = _goes_to(request)
        is_first = not has_enrolled(_user_id(request))
        if not is_first:
            if not _has_passed(request):
                return _to("second_factor", goes_to)
            if (detour := step_up.detour(request)) is not None:
                return detour
        form = EnrolForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            codes = self._enrolled(request, form)
            if codes is not None:
                pass_second_factor(request, at=timezone.now(), begins=is_first)
                if codes:
                    request.session[CODES] = codes
                    return _to("second_factor_codes", goes_to)
                return HttpResponseRedirect(reverse("admin:security"))
        return self._enrolment_page(request, form, goes_to, is_first)

    def codes(self, request: HttpRequest) -> HttpResponse:
        """The recovery codes, once: they leave the session as they are shown."""
        goes_to = _goes_to(request)
        codes = request.session.pop(CODES, None) if _has_passed(request) else None
        if not codes:
            return HttpResponseRedirect(goes_to)
        grouped = [f"{code[:5]} {code[5:]}" for code in codes]
        return self._page(
            request, "identity/recovery_codes.html", gettext("Recovery codes"), codes=grouped, next=goes_to
        )

    def _ask(self, request: HttpRequest, goes_to: str, *, purpose: str, title: str) -> HttpResponse:
        form = StepForm(request.POST if request.method == "POST" else None)
        step_up.ask_in(form, request)
        form.fields[step_up.FIELD].label = gettext("Code")
        if form.is_bound and form.is_valid():
            refusal = check(request, form.cleaned_data[step_up.FIELD], purpose=purpose)
            if refusal is None:
                return HttpResponseRedirect(goes_to)
            form.add_error(step_up.FIELD, refusal)
        sandbox = getattr(settings, "DEMO_AUTHENTICATOR_URL", "") if settings.DEBUG else ""
        return self._page(
            request,
            "identity/second_factor.html",
            title,
            form=form,
            next=goes_to,
            purpose=purpose,
            demo_authenticator=sandbox,
        )

    def _enrolled(self, request: HttpRequest, form: EnrolForm) -> list[str] | None:
        """Recovery codes to show (maybe none) when the authenticator is enrolled; None when it is not."""
        answers, user_id = form.cleaned_data, _user_id(request)
        add, at, actor = wiring.add_authenticator(), timezone.now(), actor_of(request)
        try:
            if response := passkey_answer(answers["passkey"]):
                name = answers["name"] or gettext("Passkey")
                return add.passkey(user_id=user_id, response=response, name=name, actor=actor, at=at)
            secret = totp.get_totp_secret()
            name = answers["name"] or gettext("Authenticator app")
            codes = add.totp(
                user_id=user_id, secret=secret, code=answers["code"], name=name, actor=actor, at=at
            )
            totp.clear_totp_secret(request)
            return codes
        except DomainError as error:
            show_refusal(form, error)
            return None

    def _enrolment_page(
        self, request: HttpRequest, form: EnrolForm, goes_to: str, is_first: bool
    ) -> HttpResponse:
        user: Any = request.user
        secret = totp.get_totp_secret()
        return self._page(
            request,
            "identity/enrolment.html",
            gettext("Protect your sign-in"),
            form=form,
            next=goes_to,
            is_first=is_first,
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            picture=_qr_code(user, secret),
            passkey_options=json.dumps(plain(begin_registration(user, passwordless=False))),
        )

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        return TemplateResponse(
            request, template, {**self._site.each_context(request), "title": title, **context}
        )


def _qr_code(user: Any, secret: str) -> SafeString:
    """The secret as a picture for the camera of an authenticator app, as inline SVG."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  # drawn by a library from a secret of our own


def _user_id(request: HttpRequest) -> Any:
    return request.user.pk


def _goes_to(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next") or request.GET.get("next"))


def _has_passed(request: HttpRequest) -> bool:
    visit = visit_of(request)
    return visit is not None and visit.factor_at is not None


def _to(view: str, goes_to: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'admin:{view}')}?{urlencode({'next': goes_to})}")
