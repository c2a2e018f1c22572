"""How allauth makes codes and letters here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter for letters that workers send: there is no request and no site to ask."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        self.render_mail(template_prefix, email, context).send()

    def code_lifetime_minutes(self) -> int:
        return int(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) // 60
