"""The looks of the workspace: ``settings.UNFOLD``."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A muted teal for what can be done, warm greys for the rest: quiet colours for a quiet profession.
TEAL = {
    "50": "oklch(97.7% .011 182)",
    "100": "oklch(94.6% .024 182)",
    "200": "oklch(89.6% .041 183)",
    "300": "oklch(82.5% .059 184)",
    "400": "oklch(74% .073 185)",
    "500": "oklch(66% .079 186)",
    "600": "oklch(49.5% .072 188)",
    "700": "oklch(42.5% .062 190)",
    "800": "oklch(36.5% .051 191)",
    "900": "oklch(31.5% .042 192)",
    "950": "oklch(22.5% .031 193)",
}
WARM_GREY = {
    "50": "oklch(98.6% .003 90)",
    "100": "oklch(96.7% .005 88)",
    "200": "oklch(92.2% .007 85)",
    "300": "oklch(86.6% .009 82)",
    "400": "oklch(72.5% .012 78)",
    "500": "oklch(52.5% .013 75)",
    "600": "oklch(43.5% .012 72)",
    "700": "oklch(36.5% .011 70)",
    "800": "oklch(27.3% .009 68)",
    "900": "oklch(21% .008 66)",
    "950": "oklch(15.5% .006 64)",
}


def environment(request: HttpRequest) -> list[str] | None:
    """The label of a copy that is no real practice; nothing in production."""
    return [gettext("Demo practice"), "warning"] if settings.DEBUG else None


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Emotional balance"),
    "SITE_HEADER": _("Emotional balance"),
    "SITE_SUBHEADER": _("workspace of the practice"),
    "SITE_SYMBOL": "spa",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("workspace/favicon.svg"),
        }
    ],
    "ENVIRONMENT": "project.workspace.environment",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {"base": WARM_GREY, "primary": TEAL},
    "STYLES": [lambda request: static("workspace/workspace.css")],
    "SCRIPTS": [
        lambda request: static("workspace/workspace.js"),
        lambda request: static("workspace/second_factor.js"),
    ],
    "ACCOUNT": {
        "navigation": [
            {"title": _("Security"), "link": reverse_lazy("admin:security")},
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
        ]
    },
    "DASHBOARD_CALLBACK": "project.dashboard.dashboard",
    "COMMAND": {
        "search_models": False,
        "show_history": False,
        "search_callback": "project.palette.find",
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "project.navigation.sidebar",
    },
}
