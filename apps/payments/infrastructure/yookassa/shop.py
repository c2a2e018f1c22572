"""Which shop of the provider we are and how patiently we wait for the provider."""

from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Access to one shop. Times are in seconds; ``tax_system`` is 1–6, or 0 where the shop has only one."""

    api_url: str
    shop_id: str
    secret_key: str = field(repr=False)
    tax_system: int = 0
    connect_timeout: float = 5.0
    read_timeout: float = 15.0

    @property
    def deadline(self) -> float:
        """The most that one call may take as a whole, in seconds."""
        return self.connect_timeout + self.read_timeout


def shop_from_settings() -> Shop:
    return Shop(
        api_url=settings.YOOKASSA_API_URL.rstrip("/"),
        shop_id=settings.YOOKASSA_SHOP_ID,
        secret_key=settings.YOOKASSA_SECRET_KEY,
        tax_system=settings.YOOKASSA_TAX_SYSTEM,
        connect_timeout=settings.YOOKASSA_CONNECT_TIMEOUT,
        read_timeout=settings.YOOKASSA_READ_TIMEOUT,
    )
