"""The payments part of the API."""

from django.urls import path

from apps.payments.presentation.api import payments, statuses

statuses.register()

urlpatterns = [
    path(
        "appointments/<uuid:appointment_id>/payments/",
        payments.AppointmentPayments.as_view(),
        name="appointment-payments",
    ),
    path("payments/<uuid:payment_id>/", payments.PaymentDetail.as_view(), name="payment"),
]
