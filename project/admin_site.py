"""The workspace: the admin site of the practice."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from apps.kernel.presentation.admin import step_up
from project import palette


class WorkspaceSite(UnfoldAdminSite):
    """Unfold's site; its looks and menu are in ``settings.UNFOLD``."""

    index_title = _("Overview")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is ours: tables of libraries (groups, jobs) have no place in the workspace."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        ours = [model for model in models if model.__module__.startswith("apps.")]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The pages of signing in and «Security» come first: no model's pages are open before them."""
        from apps.identity.presentation.admin.invitation import InvitationPage
        from apps.identity.presentation.admin.security import SecurityPages
        from apps.identity.presentation.admin.sign_in_steps import SignInSteps

        ours = [*SignInSteps(self).urls(), *SecurityPages(self).urls(), *InvitationPage(self).urls()]
        return [*ours, *super().get_urls()]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's page; a password is looked at by itself, never many at once."""
        from apps.identity.infrastructure.tried_names import one_try_at_a_time

        if request.method != "POST":
            return super().login(request, extra_context)
        with one_try_at_a_time(request):
            return super().login(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Unfold's page, behind a fresh second factor: a borrowed seat is no place to guess a password."""
        if (detour := step_up.detour(request)) is not None:
            return detour
        return super().password_change(request, extra_context)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The command palette. Unfold's keeps answers for five minutes; a client just added must be found."""
        results = palette.find(request, request.GET.get("s", "").replace("\0", ""))
        pages = Paginator(results, palette.LIMIT)
        context = {
            "results": pages.page(1),
            "page_obj": pages,
            "page_counter": 0,
            "command_show_history": False,
        }
        return TemplateResponse(
            request, "unfold/helpers/command_results.html", context, headers={"HX-Trigger": "search"}
        )
