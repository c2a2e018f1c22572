"""What starts with Django."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = _("Emotional balance")

    def ready(self) -> None:
        from project.event_bus import register_subscribers  # needs the app registry

        register_subscribers()


class WorkspaceAdminConfig(AdminConfig):
    default_site = "project.admin_site.WorkspaceSite"
