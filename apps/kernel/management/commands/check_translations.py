"""``manage.py check_translations``."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import trans_real

from apps.kernel.infrastructure.translations import catalogues, faults, known_texts, used_texts


class Command(BaseCommand):
    help = "Compile the catalogues, and fail unless every text in code and templates is translated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compile_translations", verbosity=0)
        paths = catalogues(settings.BASE_DIR)
        problems = [fault.replace(f"{settings.BASE_DIR}/", "") for path in paths for fault in faults(path)]
        used = used_texts(settings.BASE_DIR)
        for language, _name in settings.LANGUAGES:
            if language != "en":  # msgids are English
                own = known_texts([path for path in paths if path.parent.parent.name == language])
                theirs = trans_real.DjangoTranslation(language)
                problems += [
                    f"{text.place}: in no {language} catalogue: {text.msgid!r}"
                    for text in used
                    if (text.msgid, text.context) not in own
                    and not _translated_by_django(theirs, text.msgid, text.context)
                ]
        if problems:
            raise CommandError(f"{len(problems)} untranslated or broken texts:\n" + "\n".join(problems))
        if options["verbosity"]:
            self.stdout.write(f"{len(used)} texts in use, {len(paths)} catalogues: all translated.")


def _translated_by_django(translation: trans_real.DjangoTranslation, msgid: str, context: str | None) -> bool:
    """Whether Django or another installed app translates the text already."""
    key = msgid if context is None else f"{context}\x04{msgid}"
    catalogue = vars(translation)["_catalog"]  # gettext has no look-up that tells a miss
    return catalogue.get(key) is not None or catalogue.get((key, 0)) is not None
