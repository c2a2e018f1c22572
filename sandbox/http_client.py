"""One HTTP POST, from an address of choice: webhooks are sent and forged with it."""

import asyncio
from urllib.parse import urlsplit

LARGEST_HEAD = 64 * 1024


class NotDelivered(Exception):
    """The text says what went wrong, without the contents of the request."""


async def post(
    url: str,
    body: bytes,
    *,
    headers: dict[str, str] | None = None,
    source: str | None = None,
    patience: float = 30.0,
) -> int:
    """The status of the answer; raises NotDelivered.

    ``source`` is the address of this machine to call from, ``patience`` is in seconds.
    """
    try:
        async with asyncio.timeout(patience):
            return await _post(url, body, headers or {}, source)
    except TimeoutError as error:
        raise NotDelivered("timeout") from error
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError) as error:
        raise NotDelivered(type(error).__name__) from error


async def _post(url: str, body: bytes, headers: dict[str, str], source: str | None) -> int:
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or address.hostname is None:
        raise ValueError("no http address")
    secure = address.scheme == "https"
    reader, writer = await asyncio.open_connection(
        address.hostname,
        address.port or (443 if secure else 80),
        ssl=secure or None,
        local_addr=(source, 0) if source else None,
        limit=LARGEST_HEAD,
    )
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        lines = {
            "Host": address.netloc.rpartition("@")[2],
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "User-Agent": "YooKassa-sandbox",
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        status = await reader.readline()
        return int(status.split()[1])
    finally:
        writer.close()
