from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "apps.identity"
    label = "identity"
    verbose_name = _("People and consents")

    def ready(self) -> None:
        # All of them need the app registry.
        from apps.identity.infrastructure import consent_retention, personal_data, retention
        from apps.identity.presentation import staff_sign_in
        from apps.identity.presentation.admin import consent_panel
        from apps.identity.presentation.second_factor import StaffSecondFactor
        from apps.kernel.presentation.admin import step_up

        staff_sign_in.connect()
        consent_panel.register()
        step_up.provide(StaffSecondFactor())
        personal_data.register_sections()
        retention.register_rules()
        consent_retention.register_rules()
