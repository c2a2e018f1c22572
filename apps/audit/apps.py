from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from apps.audit.infrastructure import personal_data, retention  # needs the app registry
        from apps.audit.presentation.wording import ACTION_NAMES

        personal_data.register_sections(ACTION_NAMES)
        retention.register_rules()
