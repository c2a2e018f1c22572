"""Acts of destruction and the extract of the event log in words, with the particulars of order 179."""

import csv
import io
import json
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.infrastructure.models import DestructionAct
from apps.client_cabinet.infrastructure.models.erasure import REASONS, SCOPES
from apps.client_cabinet.presentation.api.erasure_serializers import section_titles
from apps.identity import facade as identity

ROW_NAMES = {
    "accounts": _("name and contacts of the account"),
    "appointments_stripped": _("particulars of appointments"),
    "archives": _("archives that were asked for"),
    "confirmations": _("codes of confirmation"),
    "diary_entries": _("diary entries"),
    "exports": _("archives that were asked for"),
    "favourites": _("favourites"),
    "intake_forms": _("answers to intake forms"),
    "kept_answers": _("kept answers of the API"),
    "letters_called_off": _("letters that were not sent yet"),
    "materials": _("materials after sessions"),
    "payment_links": _("addresses of payment pages"),
    "session_notes": _("notes of sessions"),
    "sessions": _("sessions of sign-in"),
    "settings_of_reminders": _("settings of reminders"),
    "sign_in_attempts": _("tries to sign in"),
    "sign_in_codes": _("codes of sign-in"),
    "subject_requests": _("texts of requests about data"),
    "waitlist_offers": _("offers of the waitlist"),
    "waitlist_requests": _("waitlist requests"),
}
ROLES = {
    "owner": pgettext_lazy("role in an act", "owner of the practice"),
    "assistant": pgettext_lazy("role in an act", "assistant"),
    "client": pgettext_lazy("role in an act", "the person the data are about, in their cabinet"),
    "system": pgettext_lazy("role in an act", "the program, after a restore"),
}
COLUMNS = ("event", "at", "subject", "category", "kind", "rows", "system", "reason", "act")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def when(act: DestructionAct) -> str:
    """The date and time of an act by the clock of the practice."""
    return date_format(timezone.localtime(act.at), "j E Y, H:i")


def scope_text(act: DestructionAct) -> str:
    return str(SCOPES[act.scope])


def reason_text(act: DestructionAct) -> str:
    text = str(REASONS[act.reason])
    return f"{text} (№ {act.request_id})" if act.request_id else text


def way_text(act: DestructionAct) -> str:
    """How it was destroyed."""
    if act.key_destroyed:
        return gettext(
            "deletion of the records from the database and destruction of the person's encryption key: "
            "copies of the records, those in backups included, cannot be read any more"
        )
    return gettext("deletion of the records from the database by the means of the information system")


def destroyer(act: DestructionAct) -> tuple[str, str]:
    """Name and position of whoever destroyed the data. Where that was the person's own command or the
    program, the responsible person of that day signs; only the name of somebody of staff is looked up."""
    if act.actor_role in {"owner", "assistant"} and act.actor_id is not None:
        found = identity.client(act.actor_id)
        if found is not None:
            return found.display_name, str(ROLES[act.actor_role])
    return act.operator["responsible"], act.operator["position"]


def command_text(act: DestructionAct) -> str:
    """On whose command."""
    return str(ROLES.get(act.actor_role, act.actor_role))


def categories(act: DestructionAct) -> list[dict[str, Any]]:
    """What was destroyed, section by section."""
    titles = section_titles()
    return [
        {
            "title": gettext(titles.get(each["section"], each["section"])),
            "rows": [
                (str(ROW_NAMES.get(kind, kind)), count) for kind, count in each["rows"].items() if count
            ],
        }
        for each in act.destroyed
    ]


def kept(act: DestructionAct) -> list[dict[str, Any]]:
    """What stayed, and by which law."""
    return [
        {"years": years, "count": count, "what": gettext(what), "ground": gettext(ground)}
        for what, ground, years, count in map(itemgetter("what", "ground", "years", "count"), act.kept)
    ]


def log_entries(act: DestructionAct) -> list[dict[str, Any]]:
    """The extract of the event log (order 179, item 5): about whom, which categories, from which system, why
    and when. The person is named by the number that is left of them."""
    titles = section_titles()
    common = {
        "at": act.at.isoformat(),
        "subject": str(act.person_id),
        "system": act.operator["system"],
        "reason": reason_text(act),
        "act": act.pk,
    }
    entries = [
        {
            "event": "records_destroyed",
            "category": gettext(titles.get(each["section"], each["section"])),
            "kind": kind,
            "rows": count,
            **common,
        }
        for each in act.destroyed
        for kind, count in each["rows"].items()
        if count
    ]
    if act.key_destroyed:
        entries.append(
            {
                "event": "key_destroyed",
                "category": gettext("encryption key of the person"),
                "kind": "person_key",
                "rows": 1,
                **common,
            }
        )
    return entries


def as_json(act: DestructionAct) -> str:
    return json.dumps(log_entries(act), ensure_ascii=False, indent=2) + "\n"


def as_csv(act: DestructionAct) -> str:
    """UTF-8 with a byte-order mark, so that spreadsheets see Cyrillic; nothing in it counts as a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for entry in log_entries(act):
        writer.writerow([_neutral(str(entry[name])) for name in COLUMNS])
    return "\ufeff" + file.getvalue()


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
