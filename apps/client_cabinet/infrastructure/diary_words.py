"""The parts of diary entries in words, for files that people take away."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

FIELDS: Mapping[str, object] = {
    "emotions": pgettext_lazy("diary", "emotions"),
    "name": pgettext_lazy("diary", "emotion"),
    "intensity": pgettext_lazy("diary", "intensity"),
    "situation": pgettext_lazy("diary", "situation"),
    "body": pgettext_lazy("diary", "in the body"),
    "note": pgettext_lazy("diary", "note"),
    "activating_event": pgettext_lazy("diary", "A: what happened"),
    "beliefs": pgettext_lazy("diary", "B: what I thought"),
    "consequences": pgettext_lazy("diary", "C: what I felt and did"),
    "dispute": pgettext_lazy("diary", "D: what speaks against the thought"),
    "new_effect": pgettext_lazy("diary", "E: what has changed"),
    "quality": pgettext_lazy("diary", "quality of sleep"),
    "energy": pgettext_lazy("diary", "energy"),
    "tension": pgettext_lazy("diary", "tension"),
    "bed_time": pgettext_lazy("diary", "went to bed"),
    "rise_time": pgettext_lazy("diary", "got up"),
    "hours": pgettext_lazy("diary", "hours of sleep"),
    "items": pgettext_lazy("diary", "grateful for"),
}
