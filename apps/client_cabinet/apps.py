from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientCabinetConfig(AppConfig):
    name = "apps.client_cabinet"
    label = "client_cabinet"
    verbose_name = _("Client's cabinet")
