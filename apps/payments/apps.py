from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "apps.payments"
    label = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from apps.payments.infrastructure import personal_data, retention  # needs the app registry, as below
        from apps.payments.presentation.admin import ledger_panel

        ledger_panel.register()
        personal_data.register_sections()
        retention.register_rules()
