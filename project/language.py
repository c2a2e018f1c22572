"""The language of a request."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.translation import check_for_language


class LanguageMiddleware(LocaleMiddleware):
    """The API answers in the language of ``Accept-Language``; the workspace speaks the practice's language
    whatever the browser prefers, unless its user chose another (the language cookie)."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path.startswith(reverse("admin:index")):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
        translation.activate(chosen if known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
