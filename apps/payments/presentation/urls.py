from django.urls import include, path

from apps.payments.presentation.api.urls import urlpatterns as api
from apps.payments.presentation.pages.paying import pay
from apps.payments.presentation.pages.returning import returned
from apps.payments.presentation.webhook import yookassa_webhook

urlpatterns = [
    path("api/v1/", include(api)),
    path("webhooks/yookassa/", yookassa_webhook, name="yookassa-webhook"),
    path("pay/<str:token>/", pay, name="pay"),
    path("pay/<str:token>/return/", returned, name="pay-return"),
]
