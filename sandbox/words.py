"""How the pages call states and faults, in Russian."""

STATUSES = {
    "pending": "ожидает оплаты",
    "waiting_for_capture": "деньги удержаны",
    "succeeded": "оплачен",
    "canceled": "отменён",
}
REFUNDS = {"pending": "возврат в пути", "succeeded": "возвращено", "canceled": "возврат отклонён"}
RECEIPTS = {"pending": "чек регистрируется", "succeeded": "чек зарегистрирован", "canceled": "чек не принят"}

FAULTS = {
    "timeout": "ответ не приходит",
    "slow": "ответ приходит поздно",
    "500": "ошибка 500",
    "429": "слишком много запросов (429)",
    "202": "запрос ещё обрабатывается (202)",
    "html": "страница HTML вместо JSON (502)",
    "garbage": "оборванный JSON",
    "closed": "соединение рвётся без ответа",
}
MAIL_FAULTS = {
    "delay": "письмо принимается с задержкой",
    "temporary": "временный отказ (451)",
    "permanent": "постоянный отказ (550)",
    "close": "соединение рвётся, письмо не принято",
    "lost_answer": "письмо принято, ответ потерян",
}
