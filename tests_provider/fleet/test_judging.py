import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.kernel.posture.hysteresis import Event
from quenotte.kernel.posture.judging import verdicts
from quenotte.provider.customers import operations as customers
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment import operations as enrolling
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import operations, queries
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.fleet.operations import Contact, judging
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.incidents.models import Incident
from tests_provider.factories import (
    CustomerFactory,
    InventoryFactory,
    MachineFactory,
    StateFactory,
)

pytestmark = pytest.mark.django_db

WINDOWS: dict[str, Any] = {
    "os.family": {"value": "windows"},
    "os.name": {"value": "Microsoft Windows 10 Professionnel"},
    "os.version": {"value": "10.0.19045"},
    "disks": {
        "value": [{"mount": "C:", "total_mib": 200_000, "free_mib": 90_000, "is_encrypted": False}]
    },
    "antivirus.products": {"value": [{"name": "Defender", "is_active": False}]},
    "firewall.profiles": {"unknown": "not_readable"},
}


def tell(machine: Any, facts: dict[str, Any], source: str = "station") -> None:
    body = hashlib.blake2b(repr(sorted(facts.items())).encode(), digest_size=16).digest()
    operations.take([Contact(bytes(machine.key_digest), source, body, facts)], at=timezone.now())


def found(rule: str) -> Finding:
    return Finding.objects.get(rule=rule)


def test_what_is_bad_at_once_is_told_once_with_its_evidence():
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    told = operations.judge_due(now=timezone.now())
    assert {(one.finding.rule, one.event) for one in told} == {
        ("disks_encrypted", Event.OPENED),
        ("os_supported", Event.OPENED),
    }
    one = found("disks_encrypted")
    assert (one.state, one.reason, one.is_open, one.customer) == (
        "bad",
        "plain",
        True,
        machine.customer,
    )
    (evidence,) = one.evidence
    assert (evidence["key"], evidence["source"]) == ("disks", "station")
    assert evidence["at"] == timezone.now().isoformat()
    assert not State.objects.get().is_due
    assert operations.judge_due(now=timezone.now()) == []


def test_what_cannot_be_read_is_unknown_and_never_told():
    tell(MachineFactory.create(), WINDOWS)
    operations.judge_due(now=timezone.now())
    assert (found("firewall_on").state, found("firewall_on").is_open) == ("unknown", False)
    assert found("firewall_on").reason == "not_readable"
    assert found("screen_locks").reason == "not_reported"


def test_antivirus_that_is_off_once_is_told_after_ten_minutes(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    assert not found("antivirus_active").is_open
    assert Posture.objects.get().look_at == timezone.now() + timedelta(minutes=10)
    frozen_clock.shift(timedelta(minutes=9))
    assert operations.judge_due(now=timezone.now()) == []
    frozen_clock.shift(timedelta(minutes=1))
    # Nothing changed: time alone brings the rules back, and opens it.
    told = operations.judge_due(now=timezone.now())
    assert ("antivirus_active", Event.OPENED) in {(one.finding.rule, one.event) for one in told}
    assert found("antivirus_active").opened_at == timezone.now()
    assert Posture.objects.get().look_at is None

    # It is on again: said once, and believed.
    frozen_clock.shift(timedelta(minutes=1))
    on = {"value": [{"name": "Defender", "is_active": True}]}
    tell(machine, {**WINDOWS, "antivirus.products": on})
    told = operations.judge_due(now=timezone.now())
    assert ("antivirus_active", Event.CLOSED) in {(one.finding.rule, one.event) for one in told}


def test_what_takes_two_good_looks_closes_ten_minutes_after_the_first(frozen_clock: Any):
    machine = MachineFactory.create()
    full = {"mount": "C:", "total_mib": 200_000, "free_mib": 900, "is_encrypted": True}
    tell(machine, {**WINDOWS, "disks": {"value": [full]}})
    operations.judge_due(now=timezone.now())
    assert not found("disk_space").is_open
    for _look in range(3):
        frozen_clock.shift(timedelta(minutes=10))
        operations.judge_due(now=timezone.now())
    assert found("disk_space").opened_at == timezone.now()
    tell(machine, {**WINDOWS, "disks": {"value": [{**full, "free_mib": 90_000}]}})
    operations.judge_due(now=timezone.now())
    assert found("disk_space").is_open
    frozen_clock.shift(timedelta(minutes=10))
    operations.judge_due(now=timezone.now())
    assert not found("disk_space").is_open


def test_rule_that_is_not_for_a_machine_any_more_lets_go_of_what_it_found(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    frozen_clock.shift(timedelta(minutes=10))
    operations.judge_due(now=timezone.now())
    incidents.draw(now=timezone.now())
    assert Incident.objects.filter(cause="antivirus", closed_at=None).exists()
    linux = {"os.family": {"value": "linux"}, "machine.is_server": {"value": True}}
    tell(machine, linux)
    operations.judge_due(now=timezone.now())
    incidents.draw(now=timezone.now())
    assert not Finding.objects.filter(rule="antivirus_active").exists()
    assert not Incident.objects.filter(cause="antivirus", closed_at=None).exists()


def test_silence_is_kept_by_who_listens(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    frozen_clock.shift(timedelta(hours=2))
    operations.sweep(now=timezone.now())
    assert found("silence").is_open
    operations.judge_due(now=timezone.now())
    assert found("silence").is_open


def test_machine_on_which_a_rule_fails_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, frozen_clock: Any
):
    bad, *good = (MachineFactory.create() for _ in range(3))
    for one in (bad, *good):
        tell(one, {**WINDOWS, "machine.name": {"value": "CASSE" if one is bad else "POSTE"}})

    def fail_on_one(facts: Any, *rest: Any) -> Any:
        if any(one.value == "CASSE" for one in facts):
            raise ValueError("a name that is logged nowhere")
        return verdicts(facts, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(judging, "verdicts", fail_on_one)
        operations.judge_due(now=timezone.now(), rounds=3)
        # It does not come back at once, and the others were looked at.
        assert not State.objects.filter(is_due=True).exists()
        frozen_clock.shift(timedelta(minutes=1))
        operations.judge_due(now=timezone.now(), rounds=3)
    assert set(Finding.objects.values_list("machine_id", flat=True)) == {one.id for one in good}
    (line,) = (one for one in caplog.messages if "rules fail" in one)
    assert str(bad.id) in line
    assert "logged nowhere" not in caplog.text
    frozen_clock.shift(timedelta(hours=1))
    operations.judge_due(now=timezone.now())
    assert Finding.objects.filter(machine=bad).exists()


def test_machine_that_never_spoke_is_silent_as_well(frozen_clock: Any):
    begun = timezone.now()
    machine = MachineFactory.create(enrolled_at=begun - timedelta(days=3))
    assert silent_at(timezone.now()) == []
    frozen_clock.shift(timedelta(minutes=46))
    assert silent_at(timezone.now()) == ["opened"]
    assert found("silence").machine == machine
    assert found("silence").values["last_seen_at"] == begun.isoformat()


def test_what_was_mended_is_closed(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    since = found("disks_encrypted").since
    frozen_clock.shift(timedelta(minutes=5))
    disks = [{**WINDOWS["disks"]["value"][0], "is_encrypted": True}]
    tell(machine, {**WINDOWS, "disks": {"value": disks}})
    told = operations.judge_due(now=timezone.now())
    assert ("disks_encrypted", Event.CLOSED) in {(one.finding.rule, one.event) for one in told}
    one = found("disks_encrypted")
    assert (one.state, one.is_open, one.opened_at) == ("ok", False, None)
    assert one.since == since + timedelta(minutes=5)


def test_sources_that_disagree_are_shown(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    frozen_clock.shift(timedelta(minutes=5))
    disks = [{**WINDOWS["disks"]["value"][0], "is_encrypted": True}]
    MachineFactory.create(customer=machine.customer, agent="glpi", host=machine)
    StateFactory.create(machine=machine, source="glpi")
    InventoryFactory.create(machine=machine, source="glpi", facts={"disks": {"value": disks}})
    State.objects.update(is_due=True)
    operations.judge_due(now=timezone.now())
    one = found("disks_encrypted")
    assert one.state == "ok"
    assert [(other["source"], other["state"]) for other in one.dissent] == [("station", "bad")]


def test_copies_of_a_practice_are_judged_once_for_all_of_it():
    server = MachineFactory.create(speaks_for_practice=True)
    old = (timezone.now() - timedelta(days=3)).isoformat().replace("+00:00", "Z")
    tell(server, {"backup.restorable_until": {"value": old}}, source="practice")
    operations.judge_due(now=timezone.now())
    one = found("backup_overdue")
    assert (one.machine, one.customer, one.state, one.values["days"]) == (
        None,
        server.customer,
        "bad",
        3,
    )
    assert found("backup_proven").reason == "not_reported"


def test_quarantined_machine_is_not_judged():
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    type(machine).objects.update(standing="quarantine", decided_at=None)
    assert operations.judge_due(now=timezone.now()) == []
    assert not Finding.objects.exists()


@pytest.mark.parametrize("standing", ["revoked", "quarantine"])
def test_machine_that_is_believed_no_more_needs_nobody(standing: str):
    server = MachineFactory.create(speaks_for_practice=True)
    tell(server, WINDOWS)
    tell(server, {"backup.has_anomaly": {"value": True}}, source="practice")
    operations.judge_due(now=timezone.now())
    assert Finding.objects.filter(is_open=True).count() >= 3
    type(server).objects.update(standing=standing)
    operations.judge_due(now=timezone.now())
    assert not Finding.objects.exists()
    assert not Posture.objects.exists()


def test_other_server_goes_on_to_speak_for_the_practice():
    old = MachineFactory.create(speaks_for_practice=True)
    new = MachineFactory.create(customer=old.customer, speaks_for_practice=True)
    for one in (old, new):
        tell(one, {"backup.has_anomaly": {"value": False}}, source="practice")
    operations.judge_due(now=timezone.now())
    type(old).objects.filter(pk=old.pk).update(standing="revoked")
    operations.judge_due(now=timezone.now())
    assert found("backup_anomaly").state == "ok"


def test_of_two_servers_the_one_heard_last_is_believed(frozen_clock: Any):
    new = MachineFactory.create(speaks_for_practice=True)
    old = MachineFactory.create(customer=new.customer, speaks_for_practice=True)
    tell(old, {"backup.has_anomaly": {"value": True}}, source="practice")
    frozen_clock.shift(timedelta(minutes=5))
    tell(new, {"backup.has_anomaly": {"value": False}}, source="practice")
    for due in ({old.id, new.id}, {old.id}, {new.id}):
        operations.judge(due, now=timezone.now())
        assert found("backup_anomaly").state == "ok"
    said = queries.look_at(new.customer_id, now=timezone.now()).copies
    assert {one.verdict.rule: one.verdict.state for one in said}["backup_anomaly"] == "ok"


@pytest.mark.parametrize("joins", [True, False])
def test_copies_of_which_nobody_tells_any_more_need_nobody(actor: Any, joins: bool):
    companion = MachineFactory.create()
    pulse = MachineFactory.create(
        customer=companion.customer, agent="practice", name=companion.name, hardware_uuid="",
        serial="", standing="quarantine", decided_at=None,
    )  # fmt: skip
    if not joins:
        type(companion).objects.filter(pk=companion.pk).update(name="AUTRE")
    server = enrolling.accept(machine_id=pulse.id, actor=actor).host or pulse
    assert (server == companion) == joins
    tell(server, {"backup.has_anomaly": {"value": True}}, source="practice")
    operations.judge_due(now=timezone.now())
    assert found("backup_anomaly").is_open
    enrolling.revoke(machine_id=pulse.id, actor=actor)
    companion.refresh_from_db()
    assert not companion.speaks_for_practice
    operations.judge_due(now=timezone.now() + timedelta(hours=2))
    assert not Finding.objects.filter(machine=None).exists()


def test_open_finding_that_cannot_be_read_any_more_stands(tom: Any, client_of: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    tell(machine, {**WINDOWS, "disks": {"unknown": "not_readable"}})
    operations.judge_due(now=timezone.now())
    one = found("disks_encrypted")
    assert (one.state, one.is_open) == ("unknown", True)
    incidents.draw(now=timezone.now())
    page = client_of(tom).get("/parc/?cause=encryption").content.decode()
    assert "Disques chiffrés : l’agent n’a pas pu le lire" in page


def test_fleet_at_rest_remembers_the_same(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    for _hour in range(3):
        operations.judge_due(now=timezone.now())
        frozen_clock.shift(timedelta(hours=1, minutes=1))
    before = {one.id: one.memory for one in Finding.objects.filter(state="ok")}
    operations.judge_due(now=timezone.now())
    assert {one.id: one.memory for one in Finding.objects.filter(state="ok")} == before


def silent_at(now: Any) -> list[str]:
    told = operations.sweep(now=now)
    return [one.event.value for one in told]


def test_silence_in_opening_hours_is_an_alarm_and_at_night_is_not(frozen_clock: Any, actor: Any):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    machine = MachineFactory.create(customer=customer)
    tell(machine, {"os.family": {"value": "windows"}})
    operations.judge_due(now=timezone.now())
    # 9 h 30, Tuesday: five minutes and forty of opening time.
    assert silent_at(timezone.now()) == []
    frozen_clock.shift(timedelta(minutes=44))
    assert silent_at(timezone.now()) == []
    frozen_clock.shift(timedelta(minutes=2))
    assert silent_at(timezone.now()) == ["opened"]
    assert silent_at(timezone.now()) == []
    one = found("silence")
    assert (one.state, one.severity, one.cause) == ("bad", "important", "silence")
    assert Posture.objects.get().is_sudden

    tell(machine, {"os.family": {"value": "windows"}})
    assert silent_at(timezone.now()) == ["closed"]
    # Off from 10 h 16 to the next morning.
    tell(machine, {"os.family": {"value": "windows"}})
    frozen_clock.shift(timedelta(hours=12))
    assert silent_at(timezone.now()) == ["opened"]


def test_who_leaves_in_the_evening_is_not_silent_until_the_morning(frozen_clock: Any, actor: Any):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    machine = MachineFactory.create(customer=customer)
    frozen_clock.shift(timedelta(hours=9, minutes=29))
    tell(machine, {"os.family": {"value": "windows"}})
    operations.judge_due(now=timezone.now())
    frozen_clock.shift(timedelta(hours=13))
    assert silent_at(timezone.now()) == []
    # 8 h 30 the next day, and forty minutes of it.
    frozen_clock.shift(timedelta(hours=1, minutes=10))
    assert silent_at(timezone.now()) == []
    frozen_clock.shift(timedelta(minutes=2))
    assert silent_at(timezone.now()) == ["opened"]
    assert not Posture.objects.get().is_sudden


def test_server_is_silent_at_any_hour(frozen_clock: Any):
    machine = MachineFactory.create(customer=CustomerFactory.create())
    tell(machine, {"machine.is_server": {"value": True}})
    operations.judge_due(now=timezone.now())
    frozen_clock.shift(timedelta(hours=13))
    assert silent_at(timezone.now()) == ["opened"]
    assert found("silence").severity == "critical"


def test_machines_of_an_ended_contract_are_let_go_of():
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    operations.judge_due(now=timezone.now())
    assert Finding.objects.filter(machine=machine).exists()
    Customer.objects.update(is_active=False)
    operations.judge_due(now=timezone.now())
    assert not Finding.objects.exists()
    assert not Posture.objects.exists()
    assert not enrolment.machines_by_network()
