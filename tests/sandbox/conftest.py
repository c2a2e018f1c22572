import pytest
from yookassa import Configuration

from tests.sandbox.receiver import Receiver
from tests.sandbox.shop import Shop


@pytest.fixture
def shop(sandbox):
    """A shop with the provider's own SDK, which calls the sandbox."""
    before = (Configuration.account_id, Configuration.secret_key, Configuration.api_url)
    yield Shop(sandbox)
    Configuration.account_id, Configuration.secret_key, Configuration.api_url = before


@pytest.fixture
def receiver(sandbox):
    """Takes the notifications of the sandbox."""
    with Receiver() as one:
        sandbox.control("webhooks", url=one.url)
        yield one
