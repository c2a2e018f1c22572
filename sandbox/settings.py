"""How the sandbox is started."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8010
    smtp_port: int = 8025
    data: Path | None = None
    """Where the state is kept; None keeps it in memory."""
    shop_id: str = "sandbox"
    secret_key: str = "sandbox-secret"  # noqa: S105 - a made-up shop
    webhook_url: str = "http://localhost:8000/webhooks/yookassa/"
    workspace_url: str = "http://localhost:8000"

    @property
    def base_url(self) -> str:
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host  # noqa: S104 - compared
        return f"http://{host}:{self.port}"
