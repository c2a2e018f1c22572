from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    name = "apps.booking"
    label = "booking"
    verbose_name = _("Bookings")

    def ready(self) -> None:
        from apps.booking.infrastructure import personal_data  # needs the app registry

        personal_data.register_sections()
