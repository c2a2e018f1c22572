from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientCabinetConfig(AppConfig):
    name = "apps.client_cabinet"
    label = "client_cabinet"
    verbose_name = _("Client's cabinet")

    def ready(self) -> None:
        # These need the app registry.
        from apps.client_cabinet.infrastructure import (
            export_personal_data,
            personal_data,
            request_personal_data,
            retention,
        )
        from apps.client_cabinet.presentation.admin import panels

        panels.register()
        personal_data.register_sections()
        export_personal_data.register_sections()
        request_personal_data.register_sections()
        retention.register_rules()
