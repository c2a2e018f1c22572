"""The outside world on one machine, for development and tests: ЮKassa's REST API, an SMTP server, a mailbox.

Nothing in ``apps/`` or ``project/`` imports it: they reach it over HTTP and SMTP, as they reach real ones.
"""
