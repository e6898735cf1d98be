from datetime import UTC, datetime

import pytest

from quenotte.devices.agents.osquery.catalogue import scheduled
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, NotEnrolled, Reply
from quenotte.kernel.posture.terms import Platform
from tests.devices.agents.osquery.door import Door
from tests.devices.agents.osquery.machines import MACHINES

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


def machine_at(door, **options):
    tables = MACHINES[door.platform]()
    return FakeOsqueryd(door.platform, tables, send=door.send, clock=NOW.timestamp, **options)


@pytest.fixture(params=list(Platform))
def door(request):
    return Door(request.param)


@pytest.fixture
def machine(door):
    machine = machine_at(door)
    machine.enrol()
    return machine


def test_enrolment(door, machine):
    enrolment = door.enrolments[0]

    assert machine.node_key == "CLEF-1"
    assert enrolment.platform is door.platform
    assert enrolment.host_identifier == "4c4c4544-0042-3510-8051-b7c04f564e32"
    assert set(enrolment.details) == {"os_version", "osquery_info", "system_info", "platform_info"}
    assert enrolment.details["system_info"]["hardware_serial"] == "EX-0042-QN"


def test_wrong_secret_gets_no_key(door):
    with pytest.raises(NotEnrolled):
        machine_at(door, secret="autre").enrol()


def test_unreachable_server_gives_no_key():
    machine = FakeOsqueryd(Platform.LINUX, {}, send=lambda *_: Reply(503, b""), clock=lambda: 0.0)

    with pytest.raises(NotEnrolled):
        machine.enrol()
    assert not machine.configure()


def test_whole_schedule_runs_and_is_logged(door, machine):
    assert machine.configure()
    machine.run_schedule()
    assert machine.log()

    assert {line.name for line in door.logs[0].results} == {
        query.name for query in scheduled(door.platform)
    }
    assert machine.waiting == []
    assert door.headers[-1]["Authorization"] == "NodeKey CLEF-1"
    assert door.headers[-1]["Content-Encoding"] == "gzip"


def test_question_of_another_platform_is_passed_over(machine):
    machine.configure()
    machine.schedule = {
        name: {**entry, "platform": "freebsd"} for name, entry in machine.schedule.items()
    }
    machine.run_schedule()

    assert machine.waiting == []


def test_lost_answer_makes_the_lines_come_twice_with_the_same_keys(door, machine):
    machine.configure()
    name = f"{door.platform}.uptime"
    machine.run_schedule(names=[name])
    door.losing = {"/log"}
    assert not machine.log()
    door.losing = set()
    assert machine.log()

    first, again = (log.results[0].key("N") for log in door.logs)
    assert first == again


def test_log_of_status(door, machine):
    assert machine.log_status("Error executing scheduled query")
    assert door.logs[0].statuses[0].message == "Error executing scheduled query"
    assert door.logs[0].results == ()


def test_questions_are_answered(door, machine):
    assert not machine.poll()
    door.asked = {"q1": f"{door.platform}.uptime"}
    assert machine.poll()

    answered = door.answers[0].answers["q1"]
    assert answered.rows == ({"total_seconds": "90000"},)
    assert answered.status == 0
    assert answered.stats.wall_time_ms == 3


def test_question_that_no_table_answers_fails_alone(door, machine):
    other = next(one for one in Platform if one is not door.platform)
    door.asked = {"q1": f"{other}.firewall", "q2": f"{door.platform}.uptime"}
    machine.poll()

    failed, answered = (door.answers[0].answers[name] for name in ("q1", "q2"))
    assert (failed.status, failed.rows) == (1, ())
    assert "no such" in failed.message
    assert answered.status == 0


def test_revoked_key_makes_it_enrol_again(door, machine):
    door.keys.clear()
    assert not machine.configure()
    assert machine.node_key == ""

    door.keys = {"CLEF-1"}
    machine.enrol()
    assert machine.configure()
    assert len(door.enrolments) == 2
