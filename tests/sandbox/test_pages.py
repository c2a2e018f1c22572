"""The pages of the sandbox for people."""

import re

import pytest
import requests

from tests.sandbox.letters import letter, send, with_invitation
from tests.sandbox.shop import receipt


@pytest.fixture
def get(sandbox):
    return lambda path: requests.get(f"{sandbox.base_url}{path}", timeout=15)


@pytest.fixture
def submit(sandbox):
    """Sends a form as a browser does, without following where it leads."""
    return lambda path, **fields: requests.post(
        f"{sandbox.base_url}{path}", data=fields, timeout=15, allow_redirects=False
    )


def test_the_front_page_shows_letters_and_payments_side_by_side(shop, sandbox, get):
    send(sandbox, with_invitation(letter(subject="Вы записаны <b>")))
    paid = shop.paid("4500.00", receipt=receipt("4500.00"), description="Консультация & чай")
    shop.refund(paid.id, "1500.00", receipt=receipt("1500.00"))
    waiting = shop.order("2000.00")

    page = get("/")

    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for words in (
        "Вы записаны &lt;b&gt;",
        "anna@example.org",
        "схема проезда.png",
        "4 500,00 ₽",
        "Консультация &amp; чай",
        "оплачен",
        "возвращено: 1 500,00 ₽",
        "payment.succeeded",
        "ожидает оплаты",
        f"/pay/{waiting.id}",
        "http://localhost:8000/admin/",
        "http://localhost:8000/api/docs/",
    ):
        assert words in page.text.replace("\N{NO-BREAK SPACE}", " ")
    fragment = get("/fragments/front").text.partition("</p>")[2]  # what comes after the time
    assert fragment in page.text


def test_the_front_page_shows_what_is_out_of_order(sandbox, get):
    assert "notice" not in get("/").text

    sandbox.advance(hours=3)
    sandbox.break_calls("*", "500", times=2)
    sandbox.break_mail("permanent", to="anna@example.org")
    sandbox.smtp(up=False)
    sandbox.control("webhooks", copies=3, delay=5, drop=1, paused=True)

    page = get("/").text
    for words in (
        "Часы переведены",
        "*: ошибка 500 (2)",
        "Почта, anna@example.org: постоянный отказ (550) (1)",
        "Почтовый сервер выключен",
        "уходит 3 раз",
        "через 5.0 с",
        "потеряется: 1",
        "придержаны",
    ):
        assert words in page


def test_a_letter_is_shown_in_a_cage(sandbox, get):
    made = with_invitation(letter())
    send(sandbox, made)
    key = sandbox.letters()[0]["id"]

    page = get(f"/letters/{key}").text
    assert f'sandbox src="/letters/{key}/html"' in page
    assert "Здравствуйте, Анна!" in page
    assert "METHOD:REQUEST" in get(f"/letters/{key}/attachments/0").text

    html = get(f"/letters/{key}/html")
    assert html.text == "<p>Здравствуйте, <b>Анна</b>!</p>\n"
    assert html.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")

    source = get(f"/letters/{key}/source")
    assert "Message-ID: <1@example.org>" in source.text
    assert source.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_an_attachment_is_only_ever_saved(sandbox, get):
    made = letter()
    made.add_attachment("<script>1</script>", subtype="html", filename='a"b;.html')
    send(sandbox, made)
    key = sandbox.letters()[0]["id"]

    answer = get(f"/letters/{key}/attachments/0")

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content == b"<script>1</script>\r\n"


@pytest.mark.parametrize(
    "path",
    [
        "/payments/none",
        "/letters/none",
        "/letters/none/html",
        "/letters/none/source",
        "/letters/none/attachments/0",
        "/pay/none",
        "/assets/../settings.py",
        "/assets/settings.py",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_not_found(get, path):
    assert get(path).status_code == 404


def test_the_payer_pays_on_the_page(shop, sandbox, get, submit):
    payment = shop.order("2000.00")
    address = payment.confirmation.confirmation_url.removeprefix(sandbox.base_url)
    page = get(address).text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Оплатить 2 000,00 ₽", "СБП", "SberPay", "Отказать (недостаточно средств)", "Отменить"):
        assert words in page

    answer = submit(address, act="pay", method="sbp")

    assert (answer.status_code, answer.headers["Location"]) == (303, "https://site.example.org/back?a=1")
    (found,) = sandbox.payments()
    assert (found["status"], found["payment_method"]["type"]) == ("succeeded", "sbp")
    assert "Вернуться в магазин" in get(address).text


def test_a_try_that_fails_may_be_repeated_on_the_page(shop, sandbox, submit):
    payment = shop.order()

    answer = submit(f"/pay/{payment.id}", act="fail", reason="card_expired")

    assert answer.status_code == 200
    assert "Платёж не прошёл: истёк срок действия карты" in answer.text
    assert sandbox.payments()[0]["status"] == "pending"
    assert submit(f"/pay/{payment.id}", act="pay", method="bank_card").status_code == 303


def test_the_payer_gives_up_on_the_page(shop, sandbox, submit):
    payment = shop.order()

    answer = submit(f"/pay/{payment.id}", act="cancel", reason="general_decline")

    assert answer.status_code == 303
    assert sandbox.payments()[0]["cancellation_details"]["reason"] == "general_decline"


def test_the_payer_leaves_without_paying(shop, sandbox, submit):
    payment = shop.order()

    assert submit(f"/pay/{payment.id}", act="back").status_code == 303
    assert sandbox.payments()[0]["status"] == "pending"


def test_only_the_method_that_the_shop_asked_for_is_offered(shop, get):
    payment = shop.order(payment_method_data={"type": "sbp"})

    assert re.findall(r'name="method" value="(\w+)"', get(f"/pay/{payment.id}").text) == ["sbp"]


def test_nobody_pays_twice_on_the_page(shop, submit):
    payment = shop.paid()

    assert submit(f"/pay/{payment.id}", act="pay", method="sbp").status_code == 400


def test_a_late_payer_finds_the_payment_expired(shop, sandbox, get):
    payment = shop.order()
    sandbox.advance(hours=2)

    assert "отменён" in get(f"/pay/{payment.id}").text


def test_the_control_page_does_what_the_api_does(sandbox, get, submit):
    page = get("/control").text
    forms = re.findall(r'action="/sandbox/control/([\w/]+)"', page)
    assert {"clock", "fail", "webhooks", "mail", "smtp", "refunds", "receipts", "heal", "reset"} <= set(forms)

    answer = submit("/sandbox/control/fail", call="*", kind="500", times="", seconds="30", next="/control")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/control")
    assert sandbox.state()["faults"][0]["times"] is None
    assert "любые" in get("/control").text
    assert "пока не снято" in get("/control").text


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_a_form_leads_nowhere_else(submit, target):
    assert submit("/sandbox/control/heal", next=target).headers["Location"] == "/"


def test_every_example_of_the_control_page_works(shop, sandbox):
    from sandbox.control.examples import COMMANDS

    for path, body, _ in COMMANDS:
        if path == "refuse":
            continue
        sandbox.heal()
        sandbox.control("refunds", seconds=3600)
        shop.refund(shop.paid("100.00").id, "100.00")
        shop.order()
        answer = requests.post(
            f"{sandbox.base_url}/sandbox/control/{path}",
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        assert answer.status_code == 200, (path, answer.text)


def test_a_payment_tells_its_story(shop, sandbox, get, submit):
    payment = shop.order("4500.00", receipt=receipt("4500.00"))
    sandbox.fail(payment.id, reason="card_expired")
    sandbox.pay(payment.id)
    shop.refund(payment.id, "500.00", receipt=receipt("500.00"))
    sandbox.wait_until(lambda: all(one["tries"] for one in sandbox.state()["webhooks"]))

    page = get(f"/payments/{payment.id}").text.replace("\N{NO-BREAK SPACE}", " ")

    for words in (
        "Платёж 4 500,00 ₽",
        "истёк срок действия карты",
        "500,00 ₽, возвращено",
        "чек регистрируется (возврат): Консультация, 500,00 ₽",
        "ConnectionRefusedError",
        "&#34;income_amount&#34;",
    ):
        assert words in page
    (resend, *_) = re.findall(r'action="(/sandbox/control/webhooks/\S+/resend)"', page)
    assert submit(resend, next=f"/payments/{payment.id}").headers["Location"] == f"/payments/{payment.id}"


def test_the_mailbox_is_searched_by_address(sandbox, get):
    send(sandbox, letter("anna@example.org", "Первое"))
    send(sandbox, letter("boris@example.org", "Второе"))

    assert "Первое" in get("/letters").text
    found = get("/letters?to=boris@example.org").text
    assert "Второе" in found
    assert "Первое" not in found
    assert "Писем нет" in get("/letters?to=nobody@example.org").text
