"""``quenotte serve`` and its three processes, stopped in every way."""

import json
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from tests.real.processes.people import Login, children_of, is_alive, kill
from tests.real.processes.served import Served
from tests.support.installations import Installation, wait_until

pytestmark = pytest.mark.real_clock

NAMES = {"web", "dicom", "wal", "worker"}


def dicom_answers(installation: Installation) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", installation.dicom_port)) == 0


def test_serve_answers_pages_and_devices(served: Served):
    installation, _server = served
    status, _headers, _text = Login(installation).get("/connexion/")
    assert status in {200, 302}
    wait_until(lambda: dicom_answers(installation))
    assert (
        installation.command("dicom", "echo", "--port", str(installation.dicom_port)).returncode
        == 0
    )


@pytest.mark.parametrize("name", sorted(NAMES))
def test_killed_child_is_started_again(served: Served, name: str):
    installation, server = served
    wait_until(lambda: set(children_of(server.pid)) == NAMES)
    before = children_of(server.pid)
    kill(before[name])
    wait_until(lambda: children_of(server.pid).get(name, before[name]) != before[name])
    after = children_of(server.pid)
    assert {other: after[other] for other in NAMES - {name}} == {
        other: before[other] for other in NAMES - {name}
    }
    wait_until(installation.answers)
    wait_until(lambda: dicom_answers(installation))


def test_second_instance_is_refused(served: Served):
    installation, server = served
    refused = installation.command("serve", "--port", "1", "--dicom-port", "1")
    assert refused.returncode == 4
    assert f"processus {server.pid}" in refused.stderr
    assert server.poll() is None


def test_doctor_sees_that_we_serve(served: Served):
    installation, _server = served
    ports = ["--port", str(installation.port), "--dicom-port", str(installation.dicom_port)]
    done = installation.command("doctor", "--json", *ports)
    findings = {one["subject"]: one for one in json.loads(done.stdout)}
    assert "fonctionne" in findings[f"Port {installation.port} (pages)"]["words"]
    assert findings["Base de données"]["state"] == "ok"
    assert findings["Droits d’accès"]["state"] == "ok"
    assert done.returncode == 0


def test_event_crosses_processes(served: Served):
    installation, server = served
    login = Login(installation)
    with login.listening() as stream:
        assert stream.status == 200
        installation.script(
            "import sys; from quenotte.base.live.operations import publish; "
            "publish(practice_id=sys.argv[1], name='picture', data={'picture': 'x'})",
            login.practice_id,
        )
        event = stream.hear("picture")
        assert event is not None
        assert event["data"] == {"picture": "x"}
        installation.script(
            "import sys; from quenotte.base.live.operations import publish; "
            "publish(practice_id=sys.argv[1], person_id=sys.argv[2], name='session.cut', data={})",
            login.practice_id,
            login.person_id,
        )
        assert stream.hear("session.cut") is not None
        assert stream.hear("picture") is None
    assert server.poll() is None


def test_job_left_by_a_killed_worker_is_taken_up(
    served: Served,
):
    installation, server = served
    # A run begun by a process that is dead: as a worker killed in the middle leaves it.
    run_id = installation.script(
        "from django.utils import timezone; from quenotte.base.jobs.models import Run\n"
        "from quenotte.base.jobs.operations import MACHINE; "
        "machine = MACHINE\n"
        "print(Run.objects.create(name='quenotte.config.periodic.clear_sessions', "
        "state='running', attempts=1, worker=f'{machine}:4194399:x').pk)"
    ).strip()
    wait_until(lambda: "worker" in children_of(server.pid))
    kill(children_of(server.pid)["worker"])
    state = (
        "import sys; from quenotte.base.jobs.models import Run; "
        "print(Run.objects.get(pk=sys.argv[1]).state)"
    )
    wait_until(lambda: installation.script(state, run_id).strip() == "done")


@pytest.mark.any_engine
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_leaves_nobody(installation: Installation, number: signal.Signals):
    with installation.serving() as server:
        wait_until(lambda: set(children_of(server.pid)) == NAMES)
        pids = list(children_of(server.pid).values())
        server.send_signal(number)
        assert server.wait(timeout=60) == 0
        assert not any(map(is_alive, pids))


@pytest.mark.any_engine
def test_nobody_outlives_a_killed_supervisor(installation: Installation):
    with installation.serving() as server:
        wait_until(lambda: set(children_of(server.pid)) == NAMES)
        pids = list(children_of(server.pid).values())
        server.kill()
        server.wait(timeout=60)
        wait_until(lambda: not any(map(is_alive, pids)))
    # Its lock was freed with it: the folder can be served again.
    with installation.serving() as again:
        assert again.poll() is None


def test_taken_port_is_told_before_anything_starts(installation: Installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = installation.command("serve", "--port", str(port))
        assert done.returncode == 3
        assert f"Le port {port}" in done.stderr
        assert "--port" in done.stderr
    assert not psutil.pid_exists(4194399)


def test_web_alone_stops_on_sigterm(installation: Installation):
    web = subprocess.Popen(
        [sys.executable, "-m", "quenotte", "web", "--port", str(installation.port)],
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(installation.answers)
        web.terminate()
        assert web.wait(timeout=60) == 0
    finally:
        if web.poll() is None:
            os.kill(web.pid, signal.SIGKILL)
            web.wait()
