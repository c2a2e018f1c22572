"""The pages of the sandbox for people: front page, letters, payment page, control page."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.clock import read
from sandbox.control.examples import COMMANDS
from sandbox.faults import CALLS, KINDS
from sandbox.mail import faults as mail
from sandbox.words import FAULTS, MAIL_FAULTS, RECEIPTS, REFUNDS, STATUSES
from sandbox.world import World
from sandbox.yookassa.errors import ApiError
from sandbox.yookassa.methods import DECLINES, METHODS, REASONS, REFUND_DECLINES

HERE = Path(__file__).resolve().parent
SHOWN = 30  # on the front page
MOST = 200  # on a page of its own
_ZONE = ZoneInfo("Europe/Moscow")
_MONTHS = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
)
# A letter brings its styles and pictures along, and may do nothing else.
_LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:"
_ASSETS = {"sandbox.css": "text/css", "sandbox.js": "text/javascript"}


def _rub(amount: dict[str, str]) -> str:
    whole, _, kopecks = amount["value"].partition(".")
    return f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{kopecks}\N{NO-BREAK SPACE}₽"


def _moment(text: str | datetime) -> str:
    at = (read(text) if isinstance(text, str) else text).astimezone(_ZONE)
    return f"{at.day} {_MONTHS[at.month - 1]}, {at:%H:%M:%S}"


def _minute(at: datetime) -> str:
    return _moment(at)[:-3]


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True
    )
    made.filters |= {"rub": _rub, "moment": _moment, "minute": _minute}
    made.globals |= {
        "STATUSES": STATUSES, "REFUNDS": REFUNDS, "RECEIPTS": RECEIPTS, "FAULTS": FAULTS, "REASONS": REASONS,
        "MAIL_FAULTS": MAIL_FAULTS, "METHODS": METHODS, "DECLINES": DECLINES,
        "REFUND_DECLINES": REFUND_DECLINES,
        "CALLS": CALLS, "KINDS": KINDS, "MAIL_KINDS": mail.KINDS, "COMMANDS": COMMANDS,
    }  # fmt: skip
    return made


class Pages:
    def __init__(self, world: World) -> None:
        self._world = world
        self._templates = _environment()

    def routes(self) -> list[Route]:
        return [
            Route("/", self.front),
            Route("/fragments/front", self.front_fragment),
            Route("/payments/{id}", self.payment),
            Route("/letters", self.letters),
            Route("/letters/{id}", self.letter),
            Route("/letters/{id}/html", self.letter_html),
            Route("/letters/{id}/source", self.letter_source),
            Route("/letters/{id}/attachments/{number:int}", self.attachment),
            Route("/control", self.control),
            Route("/pay/{id}", self.pay, methods=["GET", "POST"]),
            Route("/assets/{name}", self.asset),
        ]

    def _page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        world = self._world
        content = self._templates.get_template(template).render(
            settings=world.settings,
            now=world.clock.now(),
            moved=bool(world.clock.offset),
            smtp_up=world.mail_server.is_up,
            faults=world.faults.planned(),
            mail_faults=world.mail_server.faults.planned(),
            habits=world.webhooks.settings(),
            **context,
        )
        return HTMLResponse(
            content, status, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        )

    def _front_context(self) -> dict[str, Any]:
        world = self._world
        state = world.state()
        for payment in state["payments"][:SHOWN]:
            _gather(payment, state)
        return {
            "payments": state["payments"][:SHOWN],
            "payment_count": len(state["payments"]),
            "letters": world.mailbox.letters(limit=SHOWN),
            "letter_count": world.mailbox.count(),
            "authenticator": world.authenticator.shown(),
        }

    async def front(self, _request: Request) -> Response:
        return self._page("front.html", **self._front_context())

    async def front_fragment(self, _request: Request) -> Response:
        return self._page("front_parts.html", **self._front_context())

    async def payment(self, request: Request) -> Response:
        state = self._world.state()
        key = request.path_params["id"]
        found = [one for one in state["payments"] if one["id"] == key]
        if not found:
            return self._page("gone.html", 404, what="Такого платежа нет.")
        _gather(found[0], state)
        source = json.dumps(self._world.payments.read(key), ensure_ascii=False, indent=2)
        return self._page("payment.html", payment=found[0], source=source)

    async def letters(self, request: Request) -> Response:
        to = request.query_params.get("to", "").strip()
        mailbox = self._world.mailbox
        return self._page(
            "letters.html",
            to=to,
            letters=mailbox.letters(to=to, limit=MOST),
            letter_count=mailbox.count(to=to),
        )

    async def letter(self, request: Request) -> Response:
        letter = self._world.mailbox.letter(request.path_params["id"])
        if letter is None:
            return self._page("gone.html", 404, what="Такого письма нет: ящик мог быть очищен.")
        return self._page("letter.html", letter=letter)

    async def letter_html(self, request: Request) -> Response:
        letter = self._world.mailbox.letter(request.path_params["id"])
        if letter is None:
            return Response(status_code=404)
        return HTMLResponse(letter["html"], headers={"Content-Security-Policy": _LETTER_POLICY})

    async def letter_source(self, request: Request) -> Response:
        source = self._world.mailbox.source(request.path_params["id"])
        if source is None:
            return Response(status_code=404)
        return Response(source, media_type="text/plain; charset=utf-8", headers=_NO_SNIFF)

    async def attachment(self, request: Request) -> Response:
        found = self._world.mailbox.attachment(request.path_params["id"], request.path_params["number"])
        if found is None:
            return Response(status_code=404)
        name, kind, content = found
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        headers = {"Content-Disposition": disposition, **_NO_SNIFF}
        return Response(content, media_type=kind, headers=headers)

    async def control(self, _request: Request) -> Response:
        return self._page("control.html")

    async def pay(self, request: Request) -> Response:
        world = self._world
        key = request.path_params["id"]
        try:
            world.timetable.run_due()
            record = world.payments.record(key)
            tried = ""
            if request.method == "POST":
                given = dict(parse_qsl((await request.body()).decode()))
                tried = self._tried(key, given)
                if not tried:
                    return RedirectResponse(record["return_url"], 303)
        except ApiError as error:
            return self._page("gone.html", error.status, what="Платёж не найден или уже завершён.")
        return self._page("pay.html", payment=record["object"], record=record, tried=tried)

    def _tried(self, key: str, given: dict[str, str]) -> str:
        """Do what the payer chose; the reason of a try that failed, if it may be repeated."""
        act = given.get("act", "")
        if act == "pay":
            self._world.payments.pay(key, given.get("method", ""))
        elif act == "cancel":
            self._world.payments.give_up(key, given.get("reason") or "general_decline")
        elif act != "back":
            self._world.payments.fail(key, given.get("reason", ""))
            return given["reason"]
        return ""

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            return Response(status_code=404)
        content = (HERE / "assets" / name).read_bytes()
        return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "max-age=60"})


def _gather(payment: dict[str, Any], state: dict[str, Any]) -> None:
    """Put beside a payment what belongs to it."""
    key = payment["id"]
    payment["refunds"] = [one for one in state["refunds"] if one["payment_id"] == key]
    payment["receipts"] = [one for one in state["receipts"] if one.get("payment_id") == key]
    about = {key, *(one["id"] for one in payment["refunds"])}
    payment["webhooks"] = [one for one in state["webhooks"] if one["object"].get("id") in about]


_NO_SNIFF = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
