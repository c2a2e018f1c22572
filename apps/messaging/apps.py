from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "apps.messaging"
    label = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.messaging.infrastructure import personal_data, retention  # needs the app registry, as below
        from apps.messaging.presentation import panels

        panels.connect()
        personal_data.register_sections()
        retention.register_rules()
