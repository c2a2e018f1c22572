"""The vendor's client bound to one shop. Importing this module imports the SDK, which takes half a second."""

from types import SimpleNamespace
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from yookassa.client import ApiClient
from yookassa.domain.common import UserAgent

from apps.payments.infrastructure.yookassa.shop import Shop

_USER_AGENT = UserAgent()


class ShopClient(ApiClient):
    """One call of one shop; ``answer`` is the JSON that came back.

    Nothing is read from the SDK's class-wide Configuration, so that threads and shops cannot mix, and nothing
    is logged: the SDK's log lines hold bodies and the Authorization header.
    """

    def __init__(self, shop: Shop) -> None:
        # The SDK's own constructor only copies the class-wide Configuration.
        self.configuration = SimpleNamespace(verify=None)
        self.endpoint = shop.api_url
        self.shop_id = shop.shop_id
        self.shop_password = shop.secret_key
        self.auth_token = None
        self.user_agent = _USER_AGENT
        self.answer: object = None
        self._session = _session(shop)

    def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Keep the JSON and hand the SDK's answer classes nothing: they round amounts through floats, replace
        reasons that they do not know and break on null."""
        with self._session:
            self.answer = super().request(*args, **kwargs)
        return {}

    def get_session(self) -> Session:
        return self._session

    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Silenced."""

    @staticmethod
    def log_response(*args: Any, **kwargs: Any) -> None:
        """Silenced."""


class _Session(Session):
    """Waits only so long, follows no redirect."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        super().__init__()
        self.timeout = timeout
        # Credentials and bodies are for the configured address alone.
        self.max_redirects = 0
        # A ~/.netrc would otherwise replace the Authorization header.
        self.auth = _leave_as_it_is

    def request(self, *args: Any, **kwargs: Any) -> Response:
        return super().request(*args, **{**kwargs, "timeout": self.timeout})


def _session(shop: Shop) -> Session:
    session = _Session((shop.connect_timeout, shop.read_timeout))
    # The SDK's retries sleep for as long as a Retry-After header says and hide whether anything was sent.
    adapter = HTTPAdapter(max_retries=Retry(total=0, read=False, respect_retry_after_header=False))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _leave_as_it_is(request: PreparedRequest) -> PreparedRequest:
    return request


def bound[T](resource: type[T], client: ShopClient) -> type[T]:
    """The SDK's resource class (Payment, Refund, Receipt), which makes its calls through ``client``."""

    def __init__(self: Any) -> None:  # noqa: N807 - becomes the constructor of the class below
        self.client = client

    return type(resource.__name__, (resource,), {"__init__": __init__})
