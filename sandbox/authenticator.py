"""The phone of the demo accounts: an authenticator app whose codes anybody may look at (TOTP, RFC 6238)."""

import base64
import binascii
import hmac
import struct
import time
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

STEP = 30  # seconds
DIGITS = 6


class NoSecret(ValueError):
    """The text is no base32 secret of an authenticator app."""


@dataclass(frozen=True, kw_only=True)
class Account:
    name: str
    secret: str

    def shown(self, at: float) -> dict[str, Any]:
        """The code of now and the one after it, at an instant in seconds since 1970."""
        counter = int(at) // STEP
        return {
            "account": self.name,
            "code": code_of(self.secret, counter),
            "next": code_of(self.secret, counter + 1),
            "seconds_left": STEP - int(at) % STEP,
        }


class Authenticator:
    """Goes by the machine's clock, as phones do: moving the sandbox's clock changes nothing here."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = {account.name: account for account in accounts}

    def add(self, account: Account) -> None:
        """Raises NoSecret."""
        code_of(account.secret, 0)
        self._accounts[account.name] = account

    def shown(self) -> list[dict[str, Any]]:
        return [account.shown(time.time()) for account in self._accounts.values()]


def code_of(secret: str, counter: int) -> str:
    """The code of a time step under a base32 secret. Raises NoSecret."""
    text = secret.replace(" ", "").upper()
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise NoSecret("The secret is no base32.") from error
    digest = hmac.new(key, struct.pack(">Q", counter), sha1).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def accounts_of(text: str) -> tuple[Account, ...]:
    """``owner@example.org=SECRET,assistant@example.org=SECRET`` as accounts."""
    pairs = (each.strip().partition("=") for each in text.split(",") if each.strip())
    return tuple(Account(name=name, secret=secret) for name, _, secret in pairs)


def routes(authenticator: Authenticator) -> list[Route]:
    async def read(_request: Request) -> Response:
        return JSONResponse({"accounts": authenticator.shown()}, headers={"Cache-Control": "no-store"})

    return [Route("/authenticator.json", read)]
