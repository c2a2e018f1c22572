from django.urls import path

from apps.payments.presentation.webhook import yookassa_webhook

urlpatterns = [
    path("webhooks/yookassa/", yookassa_webhook, name="yookassa-webhook"),
]
