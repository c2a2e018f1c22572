"""The page that the link of an invitation opens: somebody of the practice chooses their password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from unfold.widgets import UnfoldAdminPasswordWidget

from apps.identity import wiring
from apps.identity.domain.invitation import InvitationInvalid
from apps.identity.domain.user import PasswordTooWeak
from apps.kernel.presentation.admin.refusals import sentence, show_refusal
from apps.kernel.presentation.request_context import client_ip

LONGEST_PASSWORD = 200


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any] | None:
        answers = super().clean() or {}
        password, again = answers.get("password"), answers.get("again")
        if password is not None and again is not None and password != again:
            self.add_error("again", gettext("The passwords differ."))
        return answers


class InvitationPage:
    """View of the site ``site``, open to whoever holds a link that works."""

    def __init__(self, site: AdminSite) -> None:
        self._site = site

    def urls(self) -> list[URLPattern]:
        view = sensitive_post_parameters("password", "again")(never_cache(csrf_protect(self.page)))
        return [path("invitation/<str:token>/", view, name="invitation")]

    def page(self, request: HttpRequest, token: str) -> HttpResponse:
        accept = wiring.accept_invitation()
        try:
            user = accept.whose(token=token, at=timezone.now())
            form = NewPasswordForm(request.POST if request.method == "POST" else None)
            if form.is_bound and form.is_valid() and self._is_accepted(request, token, form):
                text = gettext("Your password is set. Sign in with it, please.")
                messages.success(request, text)
                return HttpResponseRedirect(reverse("admin:login"))
        except InvitationInvalid as error:
            return self._page(request, gettext("The link does not work"), status=404, refusal=sentence(error))
        return self._page(
            request,
            gettext("Choose a password"),
            form=form,
            name=user.display_name,
            email=user.email,
            advice=password_validators_help_texts(),
        )

    def _is_accepted(self, request: HttpRequest, token: str, form: NewPasswordForm) -> bool:
        try:
            wiring.accept_invitation()(
                token=token,
                password=form.cleaned_data["password"],
                ip=client_ip(request),
                user_agent=request.headers.get("User-Agent", ""),
                at=timezone.now(),
            )
        except PasswordTooWeak as error:
            show_refusal(form, error)
            return False
        return True

    def _page(self, request: HttpRequest, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        context = {**self._site.each_context(request), "title": title, **context}
        return TemplateResponse(request, "identity/invitation.html", context, status=status)
