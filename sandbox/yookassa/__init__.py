"""ЮKassa's REST API v3: payments, refunds and receipts as documented at yookassa.ru/developers/api."""
