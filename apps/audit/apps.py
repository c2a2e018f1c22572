from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from apps.audit.facade import readings_of  # needs the app registry, as all of these
        from apps.audit.infrastructure import personal_data, retention
        from apps.audit.presentation.wording import ACTION_NAMES, ENTITY_NAMES

        personal_data.register_sections(ACTION_NAMES, ENTITY_NAMES, readings_of)
        retention.register_rules()
