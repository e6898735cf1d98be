"""Moments of the past: made by the worker from a real repository, seen by all who wait."""

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.models import Run
from quenotte.devices.phoenix import databases
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.restores import jobs, operations, reaching
from quenotte.upkeep.restores.reaching import Moment, NotReady, Stage
from tests.devices.phoenix.conftest import AT, PASSPHRASE, Practice, words_in
from tests.devices.phoenix.test_returning import ship
from tests.factories import CopyFactory, DestinationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def copied(tmp_path: Path, folder: Path, settings: Any) -> Practice:
    """A practice whose copy of 21:30 the day before says « one »."""
    settings.BACKUP_KEY = PASSPHRASE
    made = Practice(tmp_path / "practice", tmp_path / "copies")
    made.copy("one")
    return made


@pytest.fixture
def destination(copied: Practice) -> Destination:
    return DestinationFactory.create(place=str(copied.place))


@pytest.fixture
def newest(destination: Destination) -> Moment:
    return Moment(destination.pk)


def state(moment: Moment) -> reaching.State:
    found = reaching.state_of(moment)
    assert found is not None
    return found


def test_moment_is_made_apart_for_this_account_alone(newest: Moment, folder: Path):
    assert reaching.state_of(newest) is None
    with pytest.raises(NotReady):
        reaching.path_of(newest)
    operations.reach(newest)
    assert state(newest).stage is Stage.READY
    assert state(newest).moment == AT
    path = reaching.path_of(newest)
    assert words_in(path.parent) == ["one"]
    assert path.is_relative_to(folder / "cache")
    modes = [one.stat().st_mode & 0o777 for one in (folder / "cache/past", path.parent, path)]
    assert modes == [0o700, 0o700, 0o600]
    assert sorted(one.name for one in path.parent.iterdir()) == ["about.json", "db.sqlite3"]


def test_journal_comes_nearer_to_the_moment(copied: Practice, destination: Destination):
    copied.write("a minute later")
    ship(copied)
    # The journal is written by the clock of the machine, the copy at its own date.
    for as_of, words in ((timezone.now(), ["one", "a minute later"]), (AT, ["one"])):
        moment = Moment(destination.pk, as_of.astimezone(UTC))
        operations.reach(moment)
        assert words_in(reaching.folder_of(moment)) == words
        assert state(moment).moment <= as_of
    # Without a moment, the copy itself: what is deleted now is deleted in the journal too.
    operations.reach(Moment(destination.pk))
    assert words_in(reaching.folder_of(Moment(destination.pk))) == ["one"]


def test_moment_before_the_first_copy_says_so(destination: Destination):
    moment = Moment(destination.pk, AT - timedelta(days=400))
    operations.reach(moment)
    assert state(moment).stage is Stage.FAILED
    assert "copie" in state(moment).words
    assert not reaching.folder_of(moment).exists()


def test_place_that_is_not_there_says_so(destination: Destination, copied: Practice):
    shutil.rmtree(copied.place)
    operations.reach(Moment(destination.pk))
    assert state(Moment(destination.pk)).stage is Stage.FAILED


def test_incident_is_shown_and_tried_again(newest: Moment, monkeypatch: pytest.MonkeyPatch):
    def broken(*_values: Any, **_named: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(databases, "make", broken)
        with pytest.raises(RuntimeError):
            operations.reach(newest)
    assert state(newest).stage is Stage.FAILED
    operations.reach(newest)
    assert state(newest).stage is Stage.READY


def test_newer_copy_replaces_the_newest_moment_once_it_is_asked_for_anew(
    copied: Practice, newest: Moment, destination: Destination, alice_at: Actor
):
    operations.reach(newest)
    copied.copy("two", AT + timedelta(hours=1))
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        CopyFactory.create(destination=destination, ended_at=now + timedelta(minutes=1))
        # Whoever looks at it goes on looking: it says of when it is.
        assert state(newest).stage is Stage.READY
        assert words_in(reaching.path_of(newest).parent) == ["one"]
        jobs.ask(newest, actor=alice_at)
        assert state(newest).stage is Stage.ASKED
        operations.reach(newest)
        assert words_in(reaching.path_of(newest).parent) == ["one", "two"]
        jobs.ask(newest, actor=alice_at)
        assert Run.objects.count() == 1


def test_newer_one_that_cannot_be_made_is_told_and_asked_for_again(
    copied: Practice, newest: Moment, destination: Destination, alice_at: Actor
):
    operations.reach(newest)
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        CopyFactory.create(destination=destination, ended_at=now + timedelta(minutes=1))
        away = copied.place.rename(copied.place.with_name("away"))
        operations.reach(newest)
        assert state(newest).stage is Stage.FAILED
        away.rename(copied.place)
        jobs.ask(newest, actor=alice_at)
        operations.reach(newest)
        assert state(newest).stage is Stage.READY


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 4 KiB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_full_disk_leaves_nothing_behind(newest: Moment, small_files: None, folder: Path):
    operations.reach(newest)
    assert state(newest).stage is Stage.FAILED
    assert [path for path in (folder / "cache/past").iterdir() if path.is_dir()] == []


def test_too_little_room_is_said_before(newest: Moment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    operations.reach(newest)
    assert "place" in state(newest).words


def test_second_person_waits_for_the_same_work(newest: Moment, alice_at: Actor):
    jobs.ask(newest, actor=alice_at)
    assert state(newest).stage is Stage.ASKED
    jobs.ask(newest, actor=alice_at)
    assert Run.objects.count() == 1
    assert Line.objects.filter(object_kind="backup").count() == 1
    run = Run.objects.get()
    jobs.reach(**run.arguments)
    assert state(newest).stage is Stage.READY
    made_at = reaching.path_of(newest).stat().st_ctime_ns
    # Asked at the same instant, by the other person: it is there already.
    jobs.reach(**run.arguments)
    jobs.ask(newest, actor=alice_at)
    assert reaching.path_of(newest).stat().st_ctime_ns == made_at
    assert Run.objects.count() == 1


@pytest.fixture
def alice_at(alice: Any) -> Actor:
    return Actor(alice.id, "Dr Alice", alice.practice_id, "", "web")


def killed_in_the_middle(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another process begin a work, and kill it when the database is half made."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:

        def stay(_path: Path) -> None:
            os.write(writer, b"x")
            time.sleep(60)

        monkeypatch.setattr(databases, "judge", stay)
        work()
        os._exit(0)
    assert os.read(reader, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)


def test_killed_worker_leaves_no_moment_and_holds_up_nobody(
    newest: Moment, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    killed_in_the_middle(lambda: operations.reach(newest), monkeypatch)
    assert reaching.state_of(newest) is None
    assert [path.suffix for path in (folder / "cache/past").iterdir() if path.is_dir()] == [".new"]
    operations.reach(newest)
    assert state(newest).stage is Stage.READY
    assert words_in(reaching.folder_of(newest)) == ["one"]


def test_moments_are_thrown_away(destination: Destination, folder: Path):
    now = timezone.now().timestamp()
    moments = [Moment(destination.pk, AT + timedelta(minutes=number)) for number in range(5)]
    for number, moment in enumerate(moments):
        operations.reach(moment)
        os.utime(reaching.folder_of(moment), (now, now + number))
    left = folder / "cache/past/abc.new"
    left.mkdir()
    os.utime(left, (now, now))
    jobs.forget()
    kept = [moment for moment in moments if reaching.folder_of(moment).exists()]
    assert kept == moments[-3:]
    assert left.exists()
    for path in (folder / "cache/past").iterdir():
        os.utime(path, (now, now))
    assert operations.forget_old(now + reaching.KEPT_S + 60) == 4
    assert [*(folder / "cache/past").iterdir()] == []
    assert reaching.state_of(moments[-1]) is None
