"""How the sandbox is started."""

from dataclasses import dataclass
from pathlib import Path

from sandbox.authenticator import Account

_THIS_MACHINE = ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104 - compared, not listened on


@dataclass(frozen=True, kw_only=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8010
    smtp_port: int = 8025
    data: Path | None = None
    """Where the state is kept; None keeps it in memory."""
    shop_id: str = "sandbox"
    secret_key: str = "sandbox-secret"  # noqa: S105 - a made-up shop
    web_port: int = 8000
    """Where the workspace listens, on the same host."""
    accounts: tuple[Account, ...] = ()
    """Whose codes its authenticator shows."""
    webhook: str = ""
    """Where notifications go; empty: to the workspace."""

    @property
    def base_url(self) -> str:
        return f"http://{self._name}:{self.port}"

    @property
    def workspace_url(self) -> str:
        return f"http://{self._name}:{self.web_port}"

    @property
    def webhook_url(self) -> str:
        return self.webhook or f"{self.workspace_url}/webhooks/yookassa/"

    @property
    def _name(self) -> str:
        if self.host in _THIS_MACHINE:
            return "localhost"
        return f"[{self.host}]" if ":" in self.host else self.host
