"""The commands of the control API: each takes arguments and gives plain data back."""

import asyncio
import copy
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sandbox.authenticator import Account, NoSecret
from sandbox.clock import written
from sandbox.control.arguments import Arguments, WrongArgument
from sandbox.faults import CALLS, KINDS, Fault
from sandbox.mail import faults as mail
from sandbox.world import World
from sandbox.yookassa.methods import DECLINES, METHODS, REASONS, REFUND_DECLINES
from sandbox.yookassa.webhooks import notification

Command = Callable[[World, Arguments], Awaitable[Any]]
HIGHEST_PAUSE = 366 * 24 * 3600  # seconds


async def move_clock(world: World, given: Arguments) -> Any:
    units = {
        name: given.number(name, 0, lowest=0, highest=10**8)
        for name in ("days", "hours", "minutes", "seconds")
    }
    given.no_others()
    world.advance(timedelta(**units))
    return {"now": written(world.clock.now())}


async def fail(world: World, given: Arguments) -> Any:
    """Break the next calls of the payment API."""
    call = given.text("call", "*") or "*"
    if "*" not in call and call not in CALLS:
        raise WrongArgument(f"call must be one of {', '.join(CALLS)}, or a pattern like payments.*")
    kind = given.one_of("kind", KINDS)
    fault = Fault(
        call=call,
        kind=kind,
        times=given.times(),
        accepted=given.flag("accepted", default=KINDS[kind]),
        seconds=given.number("seconds", 120, highest=HIGHEST_PAUSE),
        chance=given.number("chance", 1, highest=1),
    )
    given.no_others()
    world.faults.add(fault)
    return world.faults.planned()


async def heal(world: World, given: Arguments) -> Any:
    given.no_others()
    world.heal()
    return {}


async def reset(world: World, given: Arguments) -> Any:
    given.no_others()
    await world.reset()
    return {}


async def set_webhooks(world: World, given: Arguments) -> Any:
    habits = world.webhooks.habits
    url = given.text("url", world.webhooks.url) or world.settings.webhook_url
    delay = given.number("delay", habits.delay, highest=HIGHEST_PAUSE)
    copies = given.whole("copies", habits.copies, lowest=1, highest=1000)
    drop = given.whole("drop", habits.drop)
    paused = given.flag("paused", default=habits.paused)
    given.no_others()
    world.webhooks.url = url
    habits.delay, habits.copies, habits.drop, habits.paused = delay, copies, drop, paused
    return world.webhooks.settings()


async def release_webhooks(world: World, given: Arguments) -> Any:
    """Deliver what was paused or dropped."""
    shuffle = given.flag("shuffle", default=False)
    copies = given.whole("copies", 1, lowest=1, highest=1000)
    given.no_others()
    world.webhooks.habits.paused = False
    return {"order": await world.webhooks.release(shuffle=shuffle, copies=copies)}


async def resend_webhook(world: World, given: Arguments, key: str) -> Any:
    copies = given.whole("copies", 1, lowest=1, highest=1000)
    given.no_others()
    return {"tries": await world.webhooks.resend(_known(world, "webhooks", key), copies)}


async def forge_webhook(world: World, given: Arguments) -> Any:
    """Send a notification that is not true: of a real payment with changes, or anything at all."""
    copies = given.whole("copies", 1, lowest=1, highest=1000)
    url, source = given.text("url"), given.text("source") or None
    headers = {name: str(value) for name, value in given.mapping("headers").items()}
    raw = given.anything("raw")
    event = given.text("event", "payment.succeeded") or "payment.succeeded"
    shelf = "refunds" if event.startswith("refund.") else "payments"
    key = given.text("id")
    body = given.mapping("object")
    if key:
        body = {**copy.deepcopy(_record(world, shelf, key)["object"]), **body}
    given.no_others()
    content = str(raw).encode() if raw is not None else notification(event, body)
    tries = [world.webhooks.send(content, url=url, headers=headers, source=source) for _ in range(copies)]
    return {"tries": await asyncio.gather(*tries)}


async def act_on_payment(world: World, given: Arguments, key: str, act: str) -> Any:
    key = _known(world, "payments", key)
    if act == "pay":
        method = given.one_of("method", {*METHODS, "any"}, "any")
        given.no_others()
        return world.payments.pay(key, "" if method == "any" else method)
    if act == "fail":
        reason = given.one_of("reason", DECLINES, "insufficient_funds")
        given.no_others()
        return world.payments.fail(key, reason)
    if act == "cancel":
        reason = given.one_of("reason", REASONS, "general_decline")
        party = given.text("party")
        given.no_others()
        return world.payments.give_up(key, reason, party)
    raise WrongArgument("A payment can be told to: pay, fail, cancel.")


async def set_refunds(world: World, given: Arguments) -> Any:
    """How refunds end from now on."""
    bank = world.refunds.bank
    bank.seconds = given.number("seconds", 0, highest=HIGHEST_PAUSE)
    bank.outcome = given.one_of("outcome", ("succeeded", "canceled"), "succeeded")
    bank.reason = given.one_of("reason", REFUND_DECLINES, "insufficient_funds")
    given.no_others()
    return vars(bank)


async def end_refund(world: World, given: Arguments, key: str) -> Any:
    outcome = given.one_of("outcome", ("succeeded", "canceled"), "succeeded")
    reason = given.one_of("reason", REFUND_DECLINES, "insufficient_funds")
    given.no_others()
    return world.refunds.end(_known(world, "refunds", key), outcome, reason)


async def set_receipts(world: World, given: Arguments) -> Any:
    """How the online till behaves from now on."""
    registrar = world.receipts.registrar
    registrar.seconds = given.number("seconds", 1, highest=HIGHEST_PAUSE)
    registrar.outcome = given.one_of("outcome", ("succeeded", "canceled"), "succeeded")
    given.no_others()
    return vars(registrar)


async def add_account(world: World, given: Arguments) -> Any:
    """Let the authenticator show the codes of one more account."""
    account = Account(name=given.text("account", ""), secret=given.text("secret", ""))
    given.no_others()
    if not account.name:
        raise WrongArgument("account names whose codes they are.")
    try:
        world.authenticator.add(account)
    except NoSecret as error:
        raise WrongArgument(str(error)) from error
    return account.shown(time.time())


async def break_mail(world: World, given: Arguments) -> Any:
    """Delay, refuse or drop the next letters."""
    fault = mail.MailFault(
        kind=given.one_of("kind", mail.KINDS),
        to=given.text("to", "*") or "*",
        times=given.times(),
        stage=given.one_of("stage", mail.STAGES, "rcpt"),
        seconds=given.number("seconds", 5, highest=HIGHEST_PAUSE),
    )
    given.no_others()
    world.mail_server.faults.add(fault)
    return world.mail_server.faults.planned()


async def switch_smtp(world: World, given: Arguments) -> Any:
    up = given.flag("up", default=True)
    given.no_others()
    if up:
        await world.mail_server.listen()
    else:
        await world.mail_server.stop()
    return {"up": world.mail_server.is_up}


def _known(world: World, shelf: str, key: str) -> str:
    """The key itself, or of the newest for ``latest``; raises for one that is not there."""
    records = world.store.shelf(shelf)
    if key == "latest" and records:
        return next(reversed(records))
    if key not in records:
        raise WrongArgument(f"There is no {key} among the {shelf}.")
    return key


def _record(world: World, shelf: str, key: str) -> dict[str, Any]:
    return world.store.shelf(shelf)[_known(world, shelf, key)]
