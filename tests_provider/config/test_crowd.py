"""The crowd of the demo speaks on several lines, in the order of its turns, until it is stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Event, Lock, Thread
from typing import Any

import pytest

from quenotte.config.fleet_demo import crowd
from quenotte.config.fleet_demo.parc import key_of
from quenotte.wire.answers import Answer, Code
from quenotte.wire.messages import write
from tests_provider.factories import CustomerFactory, InventoryFactory, MachineFactory

Say = Callable[[str], Code]


@contextmanager
def door(say: Say) -> Iterator[int]:
    """Give the port of a door that answers each key as it is told to."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = write(Answer(say(self.headers["Authorization"].split()[-1])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def speak(speakers: list[crowd.Speaker], port: int, stopped: Event | None = None) -> crowd.Round:
    return crowd.speak(speakers, "127.0.0.1", port, seconds=0.0, stopped=stopped or Event())


def machines(count: int) -> list[crowd.Speaker]:
    return [crowd.Speaker(f"N{number}", "00" * 16) for number in range(count)]


def test_answer_that_is_slow_keeps_nobody_else_from_speaking():
    together = Barrier(8)

    def say(_key: str) -> Code:
        # Who speaks alone waits for the seven others in vain.
        try:
            together.wait(timeout=20)
        except BrokenBarrierError:
            return Code.TRY_LATER
        return Code.ACCEPTED

    with door(say) as port:
        assert speak(machines(16), port) == crowd.Round(heard=16)


def test_each_speaks_once_and_those_in_front_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crowd, "LINES", 1)
    keys: list[str] = []
    lock = Lock()

    def say(key: str) -> Code:
        with lock:
            keys.append(key)
        return Code.ACCEPTED

    speakers = machines(5)
    with door(say) as port:
        speak(speakers, port)
    assert keys == [key_of(one.serial) for one in speakers]


def test_crowd_that_is_stopped_says_no_more():
    stopped = Event()
    stopped.set()
    with door(lambda _key: Code.ACCEPTED) as port:
        assert speak(machines(5), port, stopped) == crowd.Round()
        assert speak([], port) == crowd.Round()


def test_shut_door_ends_the_round():
    with door(lambda _key: Code.ACCEPTED) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        speak(machines(50), port)


@pytest.mark.django_db
def test_antivirus_is_lost_in_front_and_its_machine_is_named_with_its_town():
    facts = {"antivirus.products": {"value": [{"name": "Defender", "is_active": True}]}}
    port = CustomerFactory.create(name="Cabinet du Vieux Port", town="Niort")
    for number in range(3):
        machine = MachineFactory.create(serial=f"N{number}", name=f"POSTE{number}", customer=port)
        InventoryFactory.create(machine=machine, source="station", facts=facts)
    speakers = [crowd.Speaker(f"N{number}", "00" * 16) for number in (2, 1, 0)]
    assert crowd.lose_antivirus(speakers, 1) == ["POSTE0, Cabinet du Vieux Port, Niort"]
    assert [one.serial for one in speakers] == ["N0", "N2", "N1"]
    (told,) = speakers[0].news
    assert told.value == [{"name": "Defender", "is_active": False}]
