"""Real DICOM programs: dcmtk, dicom3tools, Orthanc, started on free ports and stopped."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.devices.dicom.fake import FakeHandler
from quenotte.devices.dicom.listener import Listener
from tests.support.programs import program


def run(*command: object, timeout_s: float = 180) -> subprocess.CompletedProcess[str]:
    """Run a program of this machine and return what it said."""
    words = [program(str(command[0])), *map(str, command[1:])]
    return subprocess.run(words, capture_output=True, text=True, timeout=timeout_s, check=False)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def handler() -> FakeHandler:
    return FakeHandler()


@pytest.fixture
def listener(handler: FakeHandler, tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(handler=handler, incoming=tmp_path / "incoming", port=0)
    listener.start()
    yield listener
    listener.stop(timeout_s=1.0)


class Orthanc:
    """A running Orthanc that knows our listener."""

    def __init__(self, folder: Path, peer_port: int) -> None:
        self.dicom_port = free_port()
        self._http = f"http://127.0.0.1:{free_port()}"
        settings = {
            "Name": "test",
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": int(self._http.rsplit(":", 1)[1]),
            "DicomPort": self.dicom_port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomModalities": {"quenotte": ["QUENOTTE", "127.0.0.1", peer_port]},
            "Plugins": [],
        }
        (folder / "orthanc.json").write_text(json.dumps(settings))
        self._log = (folder / "orthanc.log").open("wb")
        self.process = subprocess.Popen(
            [program("Orthanc"), str(folder / "orthanc.json")], stdout=self._log, stderr=self._log
        )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                self.ask("/system")
                return
            except OSError:
                assert time.monotonic() < deadline, "Orthanc does not start"
                assert self.process.poll() is None, "Orthanc ended"
                time.sleep(0.1)

    def ask(self, path: str, body: bytes | None = None) -> object:
        with urllib.request.urlopen(f"{self._http}{path}", data=body, timeout=120) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)
        self._log.close()


@pytest.fixture
def orthanc(tmp_path: Path, listener: Listener) -> Iterator[Orthanc]:
    folder = tmp_path / "orthanc"
    folder.mkdir()
    peer = Orthanc(folder, listener.port)
    try:
        peer.wait_until_ready()
        yield peer
    finally:
        peer.stop()
