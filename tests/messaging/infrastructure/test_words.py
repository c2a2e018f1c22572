"""What letters call things, in both languages."""

import pytest

from apps.identity.domain.confirmation import ConfirmationPurpose
from apps.identity.domain.contacts import ContactKind
from apps.messaging.infrastructure.words import CONTACTS, STEPS, BabelWords


def test_every_step_that_is_proved_by_a_code_has_its_words() -> None:
    assert STEPS.keys() == {each.value for each in ConfirmationPurpose}
    assert CONTACTS.keys() == {each.value for each in ContactKind}


@pytest.mark.parametrize(("language", "word"), [("ru", "подтвердить"), ("en", "confirm")])
def test_a_step_of_tomorrow_is_told_in_general(language: str, word: str) -> None:
    words = BabelWords()
    assert word in words.step("change_email", language=language)
    assert word in words.step("something_new", language=language)


@pytest.mark.parametrize(("count", "text"), [(1, "1 час"), (2, "2 часа"), (72, "72 часа"), (5, "5 часов")])
def test_hours_are_counted(count: int, text: str) -> None:
    assert BabelWords().hours(count, language="ru") == text
    assert BabelWords().hours(1, language="en") == "1 hour"
