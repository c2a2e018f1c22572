"""The control API as the control page tells it: address, body, what happens."""

COMMANDS = (
    ("clock", '{"hours": 25}', "Перевести часы вперёд: days, hours, minutes, seconds"),
    (
        "fail",
        '{"call": "payments.create", "kind": "timeout", "times": 1, "accepted": true}',
        "Сломать следующие вызовы; times: null — пока не снято; chance — вероятность",
    ),
    ("refuse", '{"seconds": 5}', "Закрыть порт HTTP: connection refused"),
    ("payments/latest/pay", '{"method": "sbp"}', "Оплатить (вместо latest — id платежа)"),
    ("payments/latest/fail", '{"reason": "insufficient_funds"}', "Неудачная попытка; платёж ждёт следующей"),
    ("payments/latest/cancel", '{"reason": "expired_on_confirmation"}', "Платёж отменён окончательно"),
    (
        "refunds",
        '{"outcome": "canceled", "reason": "insufficient_funds", "seconds": 60}',
        "Чем и когда кончаются следующие возвраты",
    ),
    ("refunds/latest/end", '{"outcome": "succeeded"}', "Завершить возврат, который в пути"),
    ("receipts", '{"outcome": "canceled", "seconds": 1}', "Как касса отвечает на чеки"),
    (
        "webhooks",
        '{"copies": 3, "delay": 10, "drop": 0, "paused": false}',
        "Повторять, задерживать, терять, придерживать уведомления",
    ),
    ("webhooks/release", '{"shuffle": true, "copies": 100}', "Разослать придержанные и потерянные"),
    ("webhooks/latest/resend", '{"copies": 100}', "Отправить уведомление ещё раз"),
    (
        "webhooks/forge",
        '{"event": "payment.succeeded", "id": "latest", "object": {"paid": true}, "source": "127.0.0.2"}',
        "Подделать уведомление; raw — любой текст, headers — свои заголовки",
    ),
    (
        "mail",
        '{"kind": "temporary", "to": "*@example.org", "times": 2}',
        "Задержать, не принять или оборвать следующие письма",
    ),
    ("smtp", '{"up": false}', "Выключить и включить почтовый сервер"),
    ("heal", "{}", "Снять все помехи"),
    ("reset", "{}", "Забыть всё и вернуть часы"),
)
