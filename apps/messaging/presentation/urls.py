"""Pages and calls of messaging for clients."""

from django.urls import path

from apps.messaging.presentation.api.notifications import Notifications
from apps.messaging.presentation.reminders import reminders

urlpatterns = [
    path("letters/reminders/<str:token>/", reminders, name="messaging-reminders"),
    path("api/v1/me/notifications/", Notifications.as_view(), name="me-notifications"),
]
