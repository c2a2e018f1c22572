"""The workspace: the admin site of the practice."""

from unfold.sites import UnfoldAdminSite


class WorkspaceSite(UnfoldAdminSite):
    """Unfold's site; its looks and menu are in ``settings.UNFOLD``."""
