"""Telling a provider, and keeping what it opened; the network is played by a function."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import SYSTEM, Actor
from quenotte.base.people.models import Person
from quenotte.devices.agents.dialling import Heard, Ours, Unheard, Why
from quenotte.devices.media.disks.register import Register
from quenotte.upkeep.pulse import jobs, operations, queries, rules, telling, wording
from quenotte.upkeep.pulse.models import Opening, Pairing
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import Enrolled
from quenotte.wire.messages import read, write
from quenotte.wire.openings import MOST, Opened, Openings, OpeningsAsked
from quenotte.wire.pulses import LIGHTS, REASONS, Medium, Pulse
from quenotte.wire.reports import Report
from tests import factories

pytestmark = pytest.mark.django_db
KEY = "ab" * 32


class Provider:
    """A provider's door that answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.code = Code.ACCEPTED
        self.rows: list[Opened] = []
        self.fault: Why | None = None
        self.status = 200
        self.noise = b""
        self.has_openings = True
        self.ours: Any = None

    def say(
        self, address: str, path: str, body: bytes, headers: dict[str, str], *, fingerprint: str,
        ours: Ours | None,
    ) -> Heard:  # fmt: skip
        self.ours = ours
        self.heard.append((address, path, body, headers))
        if self.fault:
            raise Unheard(self.fault)
        question = path.rpartition("/")[2]
        if question == "openings" and not self.has_openings:
            return Heard(404, b"")
        answer = {"pair": self._enrol, "pulse": self._pulse, "openings": self._openings}[question]
        return Heard(self.status, self.noise or answer(body))

    def _enrol(self, body: bytes) -> bytes:
        assert read(body, Report).identity.uuid == ""
        return write(Enrolled(KEY))

    def _pulse(self, body: bytes) -> bytes:
        read(body, Pulse)
        late = 30 if self.code is Code.TRY_LATER else None
        return write(Answer(self.code, late))

    def _openings(self, body: bytes) -> bytes:
        after = read(body, OpeningsAsked).after
        rows = sorted(one for one in self.rows if one.number > after)
        return write(Openings(tuple(rows[:MOST])))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    made = Provider()
    monkeypatch.setattr(telling, "say", made.say)
    return made


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "", "web", alice.roles)


@pytest.fixture
def pair(actor: Actor) -> Callable[..., Pairing]:
    def make(**named: Any) -> Pairing:
        given = {"address": "prestataire.exemple", "token": " AAAAA-BBBBB ", **named}
        return operations.pair(practice_id=actor.own_practice_id, actor=actor, **given)

    return make


def opened(number: int, **named: Any) -> Opened:
    at = timezone.now() - timedelta(hours=1) + timedelta(seconds=number)
    return Opened(**{"number": number, "at": at, "who": "Tom", "what": "fleet", **named})


def test_pairing_keeps_the_key_sealed_and_leaves_a_line(provider: Provider, pair: Any):
    made = pair()
    assert made.address == "https://prestataire.exemple"
    assert provider.heard[0][3] == {"X-Quenotte-Token": "AAAAA-BBBBB"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM upkeep_pairing")
        assert KEY not in cursor.fetchone()[0]
    assert Pairing.objects.get().key == KEY
    assert Line.objects.filter(object_kind="pairing").count() == 1
    with pytest.raises(operations.AlreadyPaired):
        pair()


@pytest.mark.parametrize(
    "address",
    ["http://prestataire.exemple", "", "https://", "ftp://x", "https://a:b@c", "https://x:y"],
)
def test_address_that_promises_no_tls_is_refused(provider: Provider, pair: Any, address: str):
    with pytest.raises(operations.NotAnAddress):
        pair(address=address)
    assert provider.heard == []


def test_fingerprint_is_64_digits_however_written(provider: Provider, pair: Any):
    with pytest.raises(operations.NotAFingerprint):
        pair(fingerprint="AB:CD")
    assert pair(fingerprint="AB:" * 32).fingerprint == "ab" * 32


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        ({"fault": Why.NO_ANSWER}, operations.ProviderNotReached),
        ({"fault": Why.CERTIFICATE}, operations.ProviderNotBelieved),
        ({"fault": Why.OTHER_NAME}, operations.ProviderNotBelieved),
        ({"status": 403}, operations.PairingTokenRefused),
        ({"status": 404}, operations.NotAProvider),
        ({"status": 503}, operations.ProviderNotReached),
        ({"noise": b"<html>"}, operations.NotAProvider),
    ],
)
def test_pairing_that_fails_says_why(
    provider: Provider, pair: Any, named: dict[str, Any], refusal: type[Exception]
):
    for name, value in named.items():
        setattr(provider, name, value)
    with pytest.raises(refusal):
        pair()
    assert not Pairing.objects.exists()


def test_what_is_told_is_kept_word_for_word(provider: Provider, pair: Any):
    factories.ProofFactory.create()
    made = pair()
    assert operations.tell(made)
    made.refresh_from_db()
    pulse = read(provider.heard[-2][2], Pulse)
    assert made.told == pulse.body()
    assert (made.answer, made.told_at) == ("accepted", timezone.now())
    assert provider.heard[-2][3] == {"Authorization": f"Bearer {KEY}"}
    lines = {one.label: one.words for one in wording.lines_of(made.told)}
    assert lines["Voyant des sauvegardes"] == "rouge"
    assert lines["Disque de sauvegarde"] == "sans objet : aucun disque n’est inscrit"


def test_provider_that_is_away_stops_nothing_and_is_late_after_a_day(
    provider: Provider, pair: Any, frozen_clock: Any
):
    made = pair()
    operations.tell(made)
    provider.fault = Why.NO_ANSWER
    frozen_clock.shift(timedelta(hours=23))
    jobs.tell()
    made.refresh_from_db()
    assert made.waiting is not None
    assert not queries.is_late(made, timezone.now())
    frozen_clock.shift(timedelta(hours=2))
    assert operations.tell_all() == 0
    made.refresh_from_db()
    assert queries.is_late(made, timezone.now())
    provider.fault = None
    assert operations.tell_all() == 1
    made.refresh_from_db()
    assert (made.waiting, made.trouble) == (None, "")
    assert not queries.is_late(made, timezone.now())


@pytest.mark.parametrize(
    ("named", "trouble"),
    [
        ({"code": Code.TRY_LATER}, "no_answer"),
        ({"noise": b"\xff"}, "strange"),
        ({"status": 500}, "strange"),
    ],
)
def test_answer_that_is_none_is_a_trouble(
    provider: Provider, pair: Any, named: dict[str, Any], trouble: str
):
    made = pair()
    for name, value in named.items():
        setattr(provider, name, value)
    assert not operations.tell(made)
    made.refresh_from_db()
    assert made.trouble == trouble
    assert wording.TROUBLES[trouble]


def test_openings_are_kept_once_and_asked_further(provider: Provider, pair: Any):
    made = pair()
    provider.rows = [opened(number) for number in range(1, MOST + 6)]
    operations.tell(made)
    assert Opening.objects.count() == MOST + 5
    provider.rows.append(opened(900, who="Nadia"))
    operations.tell(made)
    operations.tell(made)
    assert Opening.objects.count() == MOST + 6
    numbers = sorted(one.number for one in provider.rows)
    assert read(provider.heard[-1][2], OpeningsAsked).after == numbers[-1 - rules.OVERLAP]


@pytest.mark.parametrize("leap", [timedelta(days=400), -timedelta(hours=3)])
def test_openings_dated_by_a_clock_that_leapt_hide_none_that_follow(
    provider: Provider, pair: Any, leap: timedelta
):
    made = pair()
    now = timezone.now()
    dates = [now, now + leap, now + timedelta(minutes=5), now + leap + timedelta(minutes=5)]
    for number, at in enumerate(dates, start=1):
        provider.rows.append(opened(number)._replace(at=at))
        operations.tell(made)
    assert set(Opening.objects.values_list("number", flat=True)) == {1, 2, 3, 4}


def test_opening_that_was_written_late_is_asked_for_again(provider: Provider, pair: Any):
    made = pair()
    provider.rows = [opened(number) for number in range(1, 60) if number != 50]
    operations.tell(made)
    provider.rows.append(opened(50))
    operations.tell(made)
    assert Opening.objects.filter(number=50).exists()


def test_provider_of_an_older_release_is_told_all_the_same(provider: Provider, pair: Any):
    made = pair()
    provider.has_openings = False
    assert operations.tell(made)
    made.refresh_from_db()
    assert (made.answer, made.trouble) == ("accepted", "")
    assert not Opening.objects.exists()


def test_nothing_is_asked_before_the_provider_accepts(provider: Provider, pair: Any):
    provider.code = Code.QUARANTINED
    assert operations.tell(pair())
    assert [path for _to, path, _body, _headers in provider.heard][-1].endswith("pulse")


@pytest.mark.parametrize(
    "statement", ["UPDATE upkeep_opening SET who = 'x'", "DELETE FROM upkeep_opening"]
)
def test_opening_is_never_changed_nor_removed(statement: str):
    factories.OpeningFactory.create()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_parting_forgets_the_key_and_keeps_what_was_opened(
    provider: Provider, pair: Any, actor: Actor
):
    made = pair()
    provider.rows = [opened(1)]
    operations.tell(made)
    operations.part(practice_id=actor.own_practice_id, actor=actor)
    operations.part(practice_id=actor.own_practice_id, actor=actor)
    made.refresh_from_db()
    assert (made.key, made.ended_by_id) == ("", actor.person_id)
    assert operations.tell_all() == 0
    assert queries.openings(actor.own_practice_id).count() == 1
    assert Line.objects.filter(object_kind="pairing").count() == 2
    operations._keep(made, trouble="no_answer")
    made.refresh_from_db()
    assert made.trouble == ""
    pair()


def test_pulse_tells_what_the_page_of_the_backups_says():
    now = timezone.now()
    place = factories.DestinationFactory.create()
    factories.CopyFactory.create(destination=place, started_at=now - timedelta(hours=1))
    factories.ProofFactory.create(destination=place, asked_at=now - timedelta(hours=3))
    pulse = queries.current()
    assert pulse.restorable_until == now - timedelta(hours=1)
    assert pulse.proven_at is not None
    assert (pulse.offline_copied_at, pulse.medium) == (None, Medium.NONE)
    assert pulse.light in LIGHTS
    assert set(pulse.reasons) <= set(REASONS)
    assert not pulse.has_anomaly
    factories.AnomalyFactory.create()
    assert queries.current().has_anomaly


def test_pulse_tells_apart_what_is_known_of_the_disk(settings: Any, tmp_path: Path):
    settings.DATA_DIR = tmp_path
    now, register = timezone.now(), Register(tmp_path)

    def medium() -> tuple[Medium, Any]:
        pulse = queries.current(now=now)
        return pulse.medium, pulse.medium_at

    assert medium() == (Medium.NONE, None)
    register.enrol("A", "1111-aaaa")
    assert medium() == (Medium.UNKNOWN, None)
    register.see((), now - timedelta(hours=2))
    assert medium() == (Medium.UNPLUGGED, now - timedelta(hours=2))
    # Each minute is no news; that somebody still looks is, now and then.
    register.see((), now - timedelta(minutes=115))
    assert medium() == (Medium.UNPLUGGED, now - timedelta(hours=2))
    register.see((), now - timedelta(minutes=20))
    assert medium() == (Medium.UNPLUGGED, now - timedelta(minutes=20))
    register.see({"1111-aaaa"}, now - timedelta(minutes=9))
    assert medium() == (Medium.PLUGGED, now - timedelta(minutes=9))
    register.see((), now + timedelta(hours=1))
    assert medium() == (Medium.UNKNOWN, None)
    (tmp_path / "media" / "disks.json").write_text("{")
    assert medium() == (Medium.UNKNOWN, None)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"medium": "plugged", "medium_at": "2026-03-15T17:00:00Z"},
            "branché depuis le 15/03",
        ),
        ({"medium": "unplugged", "medium_at": "2026-03-15T17:00:00Z"}, "débranché : vu le 15/03"),
        ({"medium": "unknown", "medium_at": None}, "inconnu"),
        ({"medium": "none", "medium_at": None}, "sans objet"),
        # What was told before the second version, and is still kept.
        ({"medium_plugged_since": "2026-03-15T17:00:00Z"}, "branché depuis le 15/03"),
        ({"medium_plugged_since": None}, "inconnu"),
    ],
)
def test_disk_is_told_in_words(told: dict[str, Any], words: str):
    body = Pulse(timezone.now(), "green").body()
    kept = {name: one for name, one in body.items() if not name.startswith("medium")} | told
    line = next(one for one in wording.lines_of(kept) if one.label == "Disque de sauvegarde")
    assert words in line.words


def test_every_answer_and_trouble_has_words():
    assert {code.value for code in Code} - {"try_later"} == set(wording.ANSWERS)
    assert {why.value for why in Why} | {rules.STRANGE} == set(wording.TROUBLES)


def test_all_that_a_provider_notes_has_words_of_the_practice():
    from quenotte.provider.traces.rules import WORDS

    assert set(WORDS) <= set(wording.OPENED)


@pytest.mark.parametrize(
    ("status", "noise"),
    [(403, b"client_certificate"), (400, b"<h1>No required SSL certificate was sent</h1>")],
)
def test_provider_that_wants_a_certificate_is_said_to(
    provider: Provider, pair: Any, status: int, noise: bytes
):
    made = pair()
    provider.status, provider.noise = status, noise
    assert not operations.tell(made)
    made.refresh_from_db()
    assert made.trouble == "ours"
    operations.part(practice_id=made.practice_id, actor=SYSTEM)
    with pytest.raises(operations.ProviderWantsCertificate):
        pair()


def test_files_of_the_certificate_are_named_by_a_setting(
    provider: Provider, pair: Any, settings: Any
):
    settings.PULSE_CLIENT_CERTIFICATE, settings.PULSE_CLIENT_KEY = "/etc/q.crt", "/etc/q.key"
    pair()
    assert provider.ours == (Path("/etc/q.crt"), Path("/etc/q.key"))
    settings.PULSE_CLIENT_KEY = ""
    operations.tell_all()
    assert provider.ours == (Path("/etc/q.crt"), None)
