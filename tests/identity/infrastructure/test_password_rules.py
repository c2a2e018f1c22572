"""Passwords made of the practice's own words are refused, whatever else they are made of is free."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.identity.infrastructure.password_rules import CONTEXT_WORDS, ContextWordsValidator


@pytest.mark.parametrize("password", ["Emotional-Balance-1", "психологпрактика1", "owner2026Owner"])
def test_a_password_of_the_practices_words_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert "password_context_word" in {error.code for error in refusal.value.error_list}


@pytest.mark.parametrize("word", CONTEXT_WORDS)
def test_a_word_inside_a_longer_password_is_fine(word: str) -> None:
    ContextWordsValidator().validate(f"{word} x7-qwmz-4kd")


@pytest.mark.parametrize(
    "password",
    ["903817264509", "ж" * 40 + "7 кофе", "correct horse staple " + "x1" * 30],
    ids=["digits", "letters", "long"],
)
def test_no_kind_of_character_is_asked_for_or_refused(password: str) -> None:
    validate_password(password)
