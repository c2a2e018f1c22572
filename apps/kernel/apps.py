from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "apps.kernel"
    label = "kernel"
    verbose_name = _("Kernel")

    def ready(self) -> None:
        from apps.kernel.infrastructure import retention  # needs the app registry

        retention.register_rules()
