"""The real FusionInventory agent of Debian, from its first question to facts of this machine."""

import os
import platform
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from quenotte.devices.agents.glpi import answers
from quenotte.devices.agents.glpi.facts import facts_of
from quenotte.devices.agents.glpi.messages import Envelope, GetConfig, Inventory, Prolog
from quenotte.devices.agents.glpi.reading import read, read_question
from quenotte.kernel.posture.facts import Unknown
from tests.devices.agents.contract import checked
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

#: Where the agent keeps what it remembers: it takes no option for it, only this file of its own.
SETUP = """\
package setup;
use parent 'Exporter';
our @EXPORT = ('%setup');
our %setup = (
    datadir => '/usr/share/fusioninventory',
    libdir => '/usr/share/fusioninventory/lib',
    vardir => '{}',
);
1;
"""


class Door:
    """A loopback door that understands agents; it notes what came and who listened meanwhile."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.questions: list[GetConfig] = []
        self.sizes: list[int] = []
        self.listening: list[Any] = []
        self.agent: subprocess.Popen[str] | None = None
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                door.questions.append(read_question(self.path.partition("?")[2]))
                self._reply(answers.configuration())

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                envelope = read(raw, agent_id=self.headers.get("GLPI-Agent-ID", ""))
                door.envelopes.append(envelope)
                door.sizes.append(len(raw))
                door.look_who_listens()
                self._reply(answers.answer(envelope, every_hours=12))

            def _reply(self, told: answers.Answer) -> None:
                self.send_response(told.status)
                self.send_header("Content-Type", told.content_type)
                self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                self.wfile.write(told.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/agent"

    def look_who_listens(self) -> None:
        assert self.agent is not None
        agent = psutil.Process(self.agent.pid)
        for one in (agent, *agent.children(recursive=True)):
            self.listening += [
                open_ for open_ in one.net_connections("all") if open_.status == psutil.CONN_LISTEN
            ]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=30)


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    door.start()
    yield door
    door.stop()


def run_agent(door: Door, folder: Path, *options: str) -> str:
    """Let the agent run once, with a memory of its own; return what it said."""
    folder.mkdir(exist_ok=True)
    (folder / "setup.pm").write_text(SETUP.format(folder / "var"), "utf-8")
    (folder / "agent.cfg").write_text("", "utf-8")
    (folder / "var").mkdir(exist_ok=True)
    words = [program("perl"), f"-I{folder}", "-Msetup", program("fusioninventory-agent")]
    words += [f"--conf-file={folder / 'agent.cfg'}", f"--server={door.url}", "--no-httpd"]
    words += ["--no-category=process,environment", "--logger=stderr", *options]
    door.agent = subprocess.Popen(
        words,
        env={**os.environ, "LC_ALL": "C.UTF-8", "CANARI": "canari-lerouge"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said, _ = door.agent.communicate(timeout=300)
    assert door.agent.returncode == 0, said
    return said


def test_agent_asks_reports_and_complains_of_nothing(door: Door, tmp_path: Path) -> None:
    said = run_agent(door, tmp_path / "agent", "--tag=QUENOTTES", "--force")

    assert "[error]" not in said, said
    prolog, inventory = (envelope.message for envelope in door.envelopes)
    assert isinstance(prolog, Prolog)
    assert isinstance(inventory, Inventory)
    assert inventory.device_id == prolog.device_id
    assert inventory.tag == "QUENOTTES"
    assert inventory.agent.startswith("FusionInventory-Agent_v")
    # The task that collects asks what there is to collect.
    assert [question.machine_id for question in door.questions] == [prolog.device_id]
    assert "Collect" in door.questions[0].tasks
    assert door.sizes[1] < 200_000
    assert door.listening == []


def test_what_it_reports_are_facts_of_this_machine(door: Door, tmp_path: Path) -> None:
    run_agent(door, tmp_path / "agent", "--force")
    now = datetime.now().astimezone()
    message = door.envelopes[-1].message
    assert isinstance(message, Inventory)
    found = checked(facts_of(message, observed_at=now, zone=now.tzinfo or UTC))

    assert found["os.family"].value == "linux"
    assert found["machine.name"].value.partition(".")[0] == platform.node().partition(".")[0]
    memory_mib = psutil.virtual_memory().total / 2**20
    assert abs(found["machine.memory_mib"].value - memory_mib) < memory_mib / 10
    booted_at = datetime.fromisoformat(found["use.booted_at"].value)
    assert abs(booted_at - datetime.fromtimestamp(psutil.boot_time(), UTC)) < timedelta(minutes=3)
    installed = {row["name"] for row in found["software"].value}
    assert "fusioninventory-agent" in installed
    assert "perl" in {name.removesuffix("-base") for name in installed}
    room_mib = shutil.disk_usage("/").total / 2**20
    roots = [row for row in found["disks"].value if row["mount"] == "/"]
    assert any(abs(row["total_mib"] - room_mib) < room_mib / 10 for row in roots)
    # It has no centre to ask for an antivirus: that is unknown, never bad.
    assert found["antivirus.products"].unknown is Unknown.NO_SUCH_THING


def test_second_run_waits_until_it_was_told_to_come(door: Door, tmp_path: Path) -> None:
    run_agent(door, tmp_path / "agent", "--force")
    before = len(door.envelopes)
    run_agent(door, tmp_path / "agent", "--lazy")

    assert len(door.envelopes) == before


def test_agent_that_does_not_pack_is_understood(door: Door, tmp_path: Path) -> None:
    said = run_agent(door, tmp_path / "agent", "--force", "--no-compression")

    assert "[error]" not in said, said
    assert isinstance(door.envelopes[-1].message, Inventory)
