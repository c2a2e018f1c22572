"""Methods that an address does not take are refused before anybody is asked who they are."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView


class KnownMethodsFirst(APIView):
    """Answers 405 to an unknown method whoever calls; DRF would ask guests to sign in first."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        name = (request.method or "").lower()
        if name not in self.http_method_names or not hasattr(self, name):
            self.http_method_not_allowed(request, *args, **kwargs)
        super().initial(request, *args, **kwargs)
