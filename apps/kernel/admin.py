from apps.kernel.presentation.admin import retention_runs

__all__ = ["retention_runs"]
