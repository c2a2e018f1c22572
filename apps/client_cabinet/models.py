from apps.client_cabinet.infrastructure import models

__all__ = ["models"]
