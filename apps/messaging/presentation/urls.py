"""Pages of messaging for clients."""

from django.urls import path

from apps.messaging.presentation.reminders import reminders

urlpatterns = [path("letters/reminders/<str:token>/", reminders, name="messaging-reminders")]
