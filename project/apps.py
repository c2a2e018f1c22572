"""What starts with Django."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.core.checks import Tags
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = _("Emotional balance")

    def ready(self) -> None:
        from apps.kernel.infrastructure import metrics  # these need the app registry
        from apps.kernel.presentation.health import add_condition
        from project.backup import standing as backups
        from project.database_checks import check_database_role
        from project.database_roles import renew_grants
        from project.event_bus import register_subscribers
        from project.start_guard import nobody_has_come_back

        register_subscribers()
        checks.register(check_database_role, Tags.database, deploy=True)
        post_migrate.connect(renew_grants, sender=self)
        metrics.add_figures(backups.figures)
        add_condition("erasures", nobody_has_come_back)


class WorkspaceAdminConfig(AdminConfig):
    default_site = "project.admin_site.WorkspaceSite"
