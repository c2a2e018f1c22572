"""The nightly check: heads in a file outside the database, an event, and what an alarm rests on."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.identity import wiring
from apps.identity.application.consent_ports import HeadsUnreadable
from apps.identity.domain.consent_chain import PublishedHead
from apps.identity.infrastructure.published_heads import FileHeads
from apps.identity.models import ConsentChainCheck
from apps.identity.presentation.tasks import publish_chain_head
from tests.identity.consents import as_superuser, grant, rebuild_chain, run, some_acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings, tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "heads.jsonl"
    settings.CONSENT_HEAD_FILE = str(path)
    return path


def forge() -> None:
    with as_superuser():
        run("UPDATE identity_consent SET status = 'granted' WHERE status = 'withdrawn'")
        rebuild_chain()


def head(seq: int) -> PublishedHead:
    return PublishedHead(seq=seq, head=f"{seq:064x}", at=timezone.now())


def test_the_head_goes_into_the_file_and_the_check_is_kept(file: Path) -> None:
    some_acts()
    publish_chain_head(timestamp=0)
    told = json.loads(file.read_text())
    check = ConsentChainCheck.objects.get()
    assert (told["seq"], told["head"]) == (3, check.head)
    assert (check.links, check.seq, check.problem) == (3, 3, "")


def test_the_owner_is_told_of_the_head() -> None:
    some_acts()
    told = []
    publishes = wiring.publish_chain_head()
    verdict = type(publishes)(
        verify=publishes.verify,
        heads=publishes.heads,
        checks=publishes.checks,
        events=type("Bus", (), {"publish": lambda _, events: told.extend(events)})(),
        unit_of_work=publishes.unit_of_work,
        new_id=publishes.new_id,
    )(at=timezone.now())
    assert [(event.name(), event.seq, event.head) for event in told] == [
        ("ConsentChainHeadPublished", 3, verdict.head)
    ]


def test_the_same_head_is_published_once_and_a_grown_one_beside_it(file: Path) -> None:
    user_id = some_acts()
    publish_chain_head(timestamp=0)
    publish_chain_head(timestamp=0)
    assert len(file.read_text().splitlines()) == 1
    grant(user_id, "communications")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    publish_chain_head(timestamp=0)
    assert [each.seq for each in FileHeads(file).all()] == [3, 4]


def test_an_empty_chain_publishes_nothing(file: Path) -> None:
    publish_chain_head(timestamp=0)
    assert not file.exists()
    assert ConsentChainCheck.objects.get().problem == ""


def test_a_rebuilt_chain_is_kept_as_a_failure_and_its_head_is_not_published(file: Path) -> None:
    some_acts()
    publish_chain_head(timestamp=0)
    published = file.read_text()
    forge()
    publish_chain_head(timestamp=0)
    assert file.read_text() == published
    check = ConsentChainCheck.objects.first()
    assert (check.problem, check.problem_seq) == ("head_differs", 3)


def test_the_command_tells_a_chain_that_holds_from_one_that_does_not(file: Path, capsys) -> None:
    some_acts()
    publish_chain_head(timestamp=0)
    call_command("verify_consents")
    assert "3 links (0 acts destroyed after their term), 1 published heads" in capsys.readouterr().out
    kept = file.with_name("a copy on another machine")
    file.rename(kept)
    forge()
    call_command("verify_consents")  # nothing published is at hand
    with pytest.raises(CommandError, match="not as they were written"):
        call_command("verify_consents", heads=kept)
    assert "head_differs at link 3" in capsys.readouterr().err
    with pytest.raises(CommandError, match="is not there"):
        call_command("verify_consents", heads=file.with_name("nowhere"))


def test_a_line_cut_off_in_the_middle_was_never_published(file: Path) -> None:
    heads = FileHeads(file)
    heads.publish(head(1))
    with file.open("a") as broken:
        broken.write('{"seq": 2, "he')
    assert [each.seq for each in heads.all()] == [1]
    heads.publish(head(3))
    assert [each.seq for each in heads.all()] == [1, 3]


@pytest.mark.parametrize("line", ["no JSON", "{}", '{"seq": "x", "head": "", "at": ""}', "[]"])
def test_a_file_that_is_no_list_of_heads_is_not_taken_for_an_empty_one(file: Path, line: str) -> None:
    FileHeads(file).publish(head(1))
    with file.open("a") as broken:
        broken.write(f"{line}\n")
    with pytest.raises(HeadsUnreadable, match="line 2"):
        FileHeads(file).all()
