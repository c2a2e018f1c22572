"""What entries of each kind may hold: the rules, and that the documentation tells the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apps.client_cabinet.domain.content_rules import Group, Hours, Rule, Scale, Several, Text, TimeOfDay
from apps.client_cabinet.domain.diary_content import CONTENTS, DiaryType, WrongDiaryContent, content_of
from apps.client_cabinet.presentation.api.content_schema import content_schema
from tests.client_cabinet.rows import PAYLOADS
from tests.counts import property_settings

KINDS = list(DiaryType)
SCHEMAS = {kind: content_schema(kind) for kind in KINDS}
LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
PLAIN = st.text(LETTERS, max_size=9)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.floats(allow_nan=False) | PLAIN,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(PLAIN, each, max_size=4),
    max_leaves=8,
)


def is_taken(kind: DiaryType, raw: object) -> bool:
    try:
        content_of(kind, raw)
    except WrongDiaryContent:
        return False
    return True


def faults(kind: DiaryType, raw: object) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(WrongDiaryContent) as caught:
        content_of(kind, raw)
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_entry_is_kept_as_it_was_written(kind):
    assert content_of(kind, PAYLOADS[kind]) == PAYLOADS[kind]


@pytest.mark.parametrize(
    ("kind", "raw", "place"),
    [
        ("emotions", {}, (("emotions",), "required")),
        ("emotions", {"emotions": []}, (("emotions",), "wrong_count")),
        ("emotions", {"emotions": "тревога"}, (("emotions",), "not_a_list")),
        (
            "emotions",
            {"emotions": [{"name": "x", "intensity": 11}]},
            (("emotions", 0, "intensity"), "out_of_scale"),
        ),
        (
            "emotions",
            {"emotions": [{"name": "x", "intensity": True}]},
            (("emotions", 0, "intensity"), "out_of_scale"),
        ),
        (
            "emotions",
            {"emotions": [{"name": "x", "intensity": 2.5}]},
            (("emotions", 0, "intensity"), "out_of_scale"),
        ),
        ("emotions", {"emotions": [{"name": "  ", "intensity": 1}]}, (("emotions", 0, "name"), "blank")),
        ("emotions", {"emotions": [7]}, (("emotions", 0), "not_an_object")),
        ("abc", {**PAYLOADS["abc"], "beliefs": 5}, (("beliefs",), "invalid")),
        ("abc", {**PAYLOADS["abc"], "dispute": "я" * 4_001}, (("dispute",), "max_length")),
        ("abc", {**PAYLOADS["abc"], "belief": "x"}, ((), "unknown_field")),
        ("gratitude", {"items": ["x"] * 11}, (("items",), "wrong_count")),
        ("gratitude", {"items": [""]}, (("items", 0), "blank")),
        ("gratitude", [], ((), "not_an_object")),
        ("sleep_energy", {"quality": 1, "energy": 1, "tension": 1}, (("hours",), "sleep_length_needed")),
        (
            "sleep_energy",
            {"quality": 1, "energy": 1, "tension": 1, "hours": 7, "bed_time": "23:00"},
            (("rise_time",), "sleep_length_needed"),
        ),
        (
            "sleep_energy",
            {"quality": 1, "energy": 1, "tension": 1, "hours": 24.5},
            (("hours",), "invalid_hours"),
        ),
        (
            "sleep_energy",
            {"quality": 1, "energy": 1, "tension": 1, "bed_time": "24:00", "rise_time": "07:00"},
            (("bed_time",), "invalid_time"),
        ),
    ],
)
def test_a_fault_is_told_at_its_place(kind, raw, place):
    assert place in faults(DiaryType(kind), raw)


def test_all_faults_are_told_at_once():
    raw = {"quality": 99, "tension": "x", "hours": -1}
    assert {path for path, _ in faults(DiaryType.SLEEP_ENERGY, raw)} == {
        ("quality",),
        ("energy",),
        ("tension",),
        ("hours",),
    }


def test_texts_are_trimmed_and_empty_optional_ones_left_out():
    raw = {"items": ["  Утро \n"], "note": "   "}
    assert content_of(DiaryType.GRATITUDE, raw) == {"items": ["Утро"]}


def test_what_was_written_is_never_in_the_faults():
    with pytest.raises(WrongDiaryContent) as caught:
        content_of(DiaryType.ABC, {"beliefs": ["тайна"], "тайна": 1})
    assert "тайна" not in repr(caught.value.faults) + str(caught.value)


def contents(rule: Rule) -> st.SearchStrategy[Any]:
    """Everything that a rule allows, more or less."""
    match rule:
        case Text(longest=longest):
            return st.text(LETTERS, min_size=1, max_size=min(longest, 12)).filter(str.strip)
        case Scale(least=least, most=most):
            return st.integers(least, most)
        case Hours(most=most):
            return st.floats(0, most) | st.integers(0, most)
        case TimeOfDay():
            return st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
        case Several(each=each, fewest=fewest, most=most):
            return st.lists(contents(each), min_size=fewest, max_size=most)
        case Group(needed=needed, optional=optional):
            return st.fixed_dictionaries(
                {name: contents(each) for name, each in needed.items()},
                optional={name: contents(each) for name, each in optional.items()},
            )
    raise TypeError(rule)


def is_a_whole_night(raw: dict[str, Any]) -> bool:
    """Sleep needs its length besides, which no rule of one field can say."""
    times = {"bed_time", "rise_time"} & raw.keys()
    return "quality" not in raw or len(times) == 2 or (not times and "hours" in raw)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_rules_allow_is_taken_and_documented_and_stays_as_it_is_kept(kind):
    validator = Draft202012Validator(SCHEMAS[kind])

    @property_settings(bounded=60, full=2_000)
    @given(raw=contents(CONTENTS[kind]).filter(is_a_whole_night))
    def check(raw):
        kept = content_of(kind, raw)
        assert content_of(kind, kept) == kept
        assert json.loads(json.dumps(kept)) == kept
        validator.validate(raw)
        validator.validate(kept)

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_sent_is_taken_if_and_only_if_the_documentation_allows_it(kind):
    validator = Draft202012Validator(SCHEMAS[kind])
    names = sorted({*CONTENTS[kind].needed, *CONTENTS[kind].optional, "x"})

    @property_settings(bounded=80, full=5_000)
    @given(
        changes=st.dictionaries(st.sampled_from(names), ANYTHING, max_size=3),
        left_out=st.sets(st.sampled_from(names), max_size=2),
    )
    def check(changes, left_out):
        raw = {**PAYLOADS[kind], **changes}
        raw = {name: each for name, each in raw.items() if name not in left_out}
        assert is_taken(kind, raw) == validator.is_valid(raw)

    check()
