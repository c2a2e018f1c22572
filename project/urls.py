"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.kernel.presentation.health import live, ready
from apps.kernel.presentation.metrics import measured
from project.content_policy import DOCS_POLICY

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.identity.urls")),
    path("api/v1/", include("apps.booking.urls")),
    path("api/v1/", include("apps.client_cabinet.urls")),
    path("", include("apps.payments.urls")),
    path("", include("apps.messaging.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/docs/",
        csp_override(DOCS_POLICY)(SpectacularSwaggerSplitView.as_view(url_name="api-schema")),
        name="api-docs",
    ),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("metrics", measured, name="metrics"),
]

handler400 = "project.error_views.bad_request"
handler403 = "project.error_views.forbidden"
handler404 = "project.error_views.not_found"
handler500 = "project.error_views.server_error"
