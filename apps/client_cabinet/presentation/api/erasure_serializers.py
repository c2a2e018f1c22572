"""Bodies of the calls that erase."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from apps.client_cabinet.application.plan_erasure import DIARY_TITLE, ErasurePlan
from apps.client_cabinet.domain.erasure import DestructionAct, ErasureStatus, Scope
from apps.kernel.application.personal_data import sections

SCOPES = [each.value for each in Scope]


class ErasureQuery(serializers.Serializer):
    scope = serializers.ChoiceField(choices=SCOPES, help_text="How much goes.")
    entry_id = serializers.UUIDField(
        required=False, help_text="The diary entry, with the scope `entry` only."
    )


class ErasureWish(serializers.Serializer):
    scope = serializers.ChoiceField(choices=SCOPES)
    entry_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The diary entry, with the scope `entry` only."
    )


class Going(serializers.Serializer):
    section = serializers.CharField(help_text="Its stable name, as in archives.")
    title = serializers.CharField()
    count = serializers.IntegerField()


class Kept(serializers.Serializer):
    what = serializers.CharField()
    ground = serializers.CharField(help_text="The law that demands it.")
    years = serializers.IntegerField(help_text="For how long, from the last of these records.")
    count = serializers.IntegerField()


class Obstacle(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField(help_text="What it is, and what to do.")


class Plan(serializers.Serializer):
    scope = serializers.ChoiceField(choices=SCOPES)
    entry_id = serializers.UUIDField(allow_null=True)
    is_possible = serializers.BooleanField()
    going = Going(many=True)
    kept = Kept(many=True)
    obstacles = Obstacle(many=True)


class Erasure(serializers.Serializer):
    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=SCOPES)
    entry_id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=[each.value for each in ErasureStatus])
    requested_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Until when the code works.")


class Code(serializers.Serializer):
    code = serializers.CharField(
        max_length=40, help_text="As in the letter; dashes and spaces do not matter."
    )


class Act(serializers.Serializer):
    act_number = serializers.IntegerField(help_text="Of the act of destruction.")
    scope = serializers.ChoiceField(choices=SCOPES)
    erased_at = serializers.DateTimeField()
    key_destroyed = serializers.BooleanField(
        help_text="Whether the key went, too: copies in backups can no longer be read."
    )
    destroyed = Going(many=True)
    kept = Kept(many=True)


def plan_data(plan: ErasurePlan) -> dict[str, Any]:
    return {
        "scope": plan.scope.value,
        "entry_id": plan.entry_id,
        "is_possible": plan.is_possible,
        "going": [
            {"section": each.section, "title": gettext(each.title), "count": each.count}
            for each in plan.going
        ],
        "kept": [_kept(each) for each in plan.kept],
        "obstacles": [{"code": each.code, "message": gettext(each.message)} for each in plan.obstacles],
    }


def act_data(act: DestructionAct) -> dict[str, Any]:
    titles = section_titles()
    return {
        "act_number": act.number,
        "scope": act.scope.value,
        "erased_at": act.at,
        "key_destroyed": act.key_destroyed,
        "destroyed": [
            {
                "section": each.section,
                "title": gettext(titles.get(each.section, each.section)),
                "count": each.count,
            }
            for each in act.destroyed
        ],
        "kept": [_kept(each) for each in act.kept],
    }


def section_titles() -> dict[str, str]:
    """What each section of personal data is called (English msgids)."""
    return {"diary": DIARY_TITLE} | {each.section: each.title for each in sections()}


def _kept(kept: Any) -> dict[str, Any]:
    return {
        "what": gettext(kept.what),
        "ground": gettext(kept.ground),
        "years": kept.years,
        "count": kept.count,
    }
