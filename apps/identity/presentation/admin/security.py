"""The page «Security» of every member of staff: their authenticators, recovery codes and sessions."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from apps.identity import wiring
from apps.identity.domain.second_factor import Method
from apps.identity.infrastructure.authenticators import enrolled, recovery_codes_left
from apps.identity.infrastructure.staff_session_store import hash_of
from apps.identity.infrastructure.staff_sessions import sessions_of
from apps.identity.presentation.admin.sign_in_steps import CODES
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin import step_up
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import instant_text

ICONS = {Method.TOTP: "smartphone", Method.PASSKEY: "fingerprint"}


class SecurityPages:
    """Views of the site ``site``."""

    def __init__(self, site: AdminSite) -> None:
        self._site = site

    def urls(self) -> list[URLPattern]:
        views = (
            ("security/", require_safe(self.page), "security"),
            ("security/rename/<int:authenticator_id>/", require_POST(self.rename), "security_rename"),
            ("security/remove/<int:authenticator_id>/", require_POST(self.remove), "security_remove"),
            ("security/codes/", require_POST(self.new_codes), "security_codes"),
            ("security/end/", require_POST(self.end_session), "security_end"),
            ("security/end-others/", require_POST(self.end_others), "security_end_others"),
        )
        return [path(route, self._site.admin_view(view), name=name) for route, view, name in views]

    def page(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        devices = enrolled(user.pk)
        context = {
            **self._site.each_context(request),
            "title": gettext("Security"),
            "authenticators": [
                {
                    "id": each.id,
                    "name": each.name or gettext("Authenticator"),
                    "icon": ICONS[each.method],
                    "added": _when(user, each.created_at),
                    "used": _when(user, each.last_used_at) if each.last_used_at else "",
                }
                for each in devices
            ],
            "is_last": len(devices) == 1,
            "codes_left": recovery_codes_left(user.pk),
            "sessions": [
                {
                    "key": each.key_hash,
                    "device": each.device or gettext("Unknown device"),
                    "ip": each.ip,
                    "began": _when(user, each.began_at),
                    "seen": _when(user, each.seen_at),
                    "is_this": each.key_hash == _own_key(request),
                }
                for each in sessions_of(user.pk, at=timezone.now())
            ],
        }
        return TemplateResponse(request, "identity/security.html", context)

    def rename(self, request: HttpRequest, authenticator_id: int) -> HttpResponse:
        return self._changed(
            request,
            lambda: wiring.manage_authenticators().rename(
                authenticator_id=authenticator_id, name=request.POST.get("name", "")[:200], **_acting(request)
            ),
            gettext("The name is changed."),
        )

    def remove(self, request: HttpRequest, authenticator_id: int) -> HttpResponse:
        return self._changed(
            request,
            lambda: wiring.manage_authenticators().remove(
                authenticator_id=authenticator_id, **_acting(request)
            ),
            gettext("The authenticator is removed."),
        )

    def new_codes(self, request: HttpRequest) -> HttpResponse:
        if (asked := self._asked_first(request)) is not None:
            return asked
        request.session[CODES] = wiring.manage_authenticators().new_recovery_codes(**_acting(request))
        here = urlencode({"next": reverse("admin:security")})
        return HttpResponseRedirect(f"{reverse('admin:second_factor_codes')}?{here}")

    def end_session(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("key", "").replace("\0", "")[:64]
        ended = wiring.end_staff_sessions().one(key_hash=key, **_acting(request))
        if ended:
            messages.success(request, gettext("The session is ended."))
        return HttpResponseRedirect(reverse("admin:security"))

    def end_others(self, request: HttpRequest) -> HttpResponse:
        wiring.end_staff_sessions().others(but=_own_key(request), **_acting(request))
        messages.success(request, gettext("All other sessions are ended."))
        return HttpResponseRedirect(reverse("admin:security"))

    def _changed(self, request: HttpRequest, change: Any, success: str) -> HttpResponse:
        if (asked := self._asked_first(request)) is not None:
            return asked
        try:
            change()
        except DomainError as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, success)
        return HttpResponseRedirect(reverse("admin:security"))

    def _asked_first(self, request: HttpRequest) -> HttpResponse | None:
        if step_up.second_factor().is_fresh(request):
            return None
        messages.info(request, gettext("Confirmed. Please repeat what you were about to do."))
        here = urlencode({"next": reverse("admin:security")})
        return HttpResponseRedirect(f"{reverse('admin:second_factor_confirm')}?{here}")


def _acting(request: HttpRequest) -> dict[str, Any]:
    return {"user_id": request.user.pk, "actor": actor_of(request), "at": timezone.now()}


def _own_key(request: HttpRequest) -> str:
    return hash_of(request.session.session_key or "")


def _when(user: Any, instant: Any) -> str:
    return instant_text(instant, user.time_zone)
