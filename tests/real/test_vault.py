"""Stock restic through the vault, and what a kill, a thief and a full disk leave of it."""

import base64
import hashlib
import http.client
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.media.vault.practices import Allowance, Practices
from quenotte.devices.media.vault.vault import Vault
from quenotte.devices.repository.errors import Refused
from quenotte.devices.repository.rest import RestStore
from tests.real.conftest import free_port
from tests.support.installations import wait_until
from tests.support.programs import program

KINDS = ("config", "keys", "data", "index", "snapshots")

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


def name_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Served:
    """A vault's store, served or not."""

    def __init__(self, folder: Path) -> None:
        self.store, self.port = folder / "store", free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.password = ""
        self.is_encrypted = False

    def quenotte(self, *words: str) -> list[str]:
        command, *rest = words
        where = ["--store", str(self.store)]
        return [sys.executable, "-m", "quenotte", "vault", command, *where, *rest]

    def start(self, *words: str) -> None:
        self.is_encrypted = "--tls" in words
        self.process = subprocess.Popen(
            self.quenotte("serve", "--port", str(self.port), *words),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the vault ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self, how: str = "kill") -> int:
        assert self.process is not None
        getattr(self.process, how)()
        return self.process.wait(30)

    def connect(self) -> http.client.HTTPConnection:
        if not self.is_encrypted:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        context = ssl.create_default_context(cafile=str(self.authority))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    @property
    def authority(self) -> Path:
        return self.store / "authority.pem"

    def ask(self, method: str, path: str, body: bytes = b"") -> int:
        known = base64.b64encode(f"lilas:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {known}"} if self.password else {}
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def restic(self, *words: str, place: str = "lilas/2026") -> str:
        scheme = "https" if self.is_encrypted else "http"
        who = f"lilas:{self.password}@" if self.password else ""
        url = f"rest:{scheme}://{who}127.0.0.1:{self.port}/{place}/"
        trusting = ["--cacert", str(self.authority)] if self.is_encrypted else []
        done = subprocess.run(
            [program("restic"), "--no-cache", "-r", url, *trusting, *words],
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RESTIC_PASSWORD": "quenotte"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def picture(self) -> dict[str, bytes]:
        folder = self.store / "repositories"
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def drafts(self) -> list[Path]:
        return list((self.store / "drafts").iterdir())


def half_sent(served: Served, body: bytes) -> socket.socket:
    """Begin to send a pack, and stop in the middle."""
    name = name_of(body)
    known = base64.b64encode(f"lilas:{served.password}".encode()).decode()
    head = (
        f"POST /lilas/2026/data/{name} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {known}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    client = socket.create_connection(("127.0.0.1", served.port))
    client.sendall(head.encode() + body[: len(body) // 2])
    wait_until(lambda: served.drafts() and served.drafts()[0].stat().st_size)
    return client


def test_stock_restic_judges_the_vault(tmp_path):
    served = Served(tmp_path)
    source = tmp_path / "source"
    source.mkdir()
    for number in range(3):
        (source / f"{number}.bin").write_bytes(random.Random(number).randbytes(400_000))
    try:
        # Exactly this command, and nothing else.
        served.start()
        served.restic("init")
        served.restic("backup", str(source))

        # A practice is enrolled while it serves: nobody else is heard from then on.
        password = Practices(served.store / "practices").enrol("lilas", Allowance()).password
        assert served.ask("GET", "/lilas/2026/config") == 401
        served.password = password
        assert "no errors were found" in served.restic("check", "--read-data")

        before = served.picture()
        good = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        attack(served)
        assert served.picture() == before

        # Junk under its right name is taken, stops restic, and is not in the view.
        junk = random.Random(9).randbytes(900)
        for kind in ("index", "snapshots"):
            assert served.ask("POST", f"/lilas/2026/{kind}/{name_of(junk)}", junk) == 200
        with pytest.raises(AssertionError):
            served.restic("check")

        # Killed in the middle of a body: the next start finds nothing half.
        before = served.picture()
        client = half_sent(served, bytes(4 << 20))
        served.kill()
        client.close()
        assert served.drafts()
        served.start("--tls", "coffre")
        assert served.picture() == before
        assert not served.drafts()

        view = f"as-of/{good}/lilas/2026"
        served.restic("restore", "latest", "--target", str(tmp_path / "back"), place=view)
        for path in source.iterdir():
            assert next((tmp_path / "back").rglob(path.name)).read_bytes() == path.read_bytes()
        shutil.rmtree(tmp_path / "back")

        # Our own client speaks to it too, the journal's objects among the others.
        url = f"https://lilas:{served.password}@127.0.0.1:{served.port}/lilas/2026/"
        ours = RestStore(url, ca_file=served.authority)
        ours.put("journal", f"000000000001-{name_of(b'delta')}", b"delta")
        assert list(ours.names("journal")) == [(f"000000000001-{name_of(b'delta')}", 5)]
        assert ours.get("journal", f"000000000001-{name_of(b'delta')}", 1, 3) == b"elt"
        with pytest.raises(Refused):
            ours.put("snapshots", "0" * 64, b"junk")
        ours.close()

        shelf = Vault(served.store).found("lilas/2026")
        assert list(shelf.findings(read_data=True)) == []
        assert served.kill("terminate") == 0
    finally:
        if served.process and served.process.poll() is None:
            served.kill()


def attack(served: Served) -> None:
    """Try what the practice's own password could be used for."""
    told = [path for path in served.picture() if not path.endswith("received.log")]
    for path in told:
        kind = next(one for one in KINDS if f"/{one}" in path)
        address = f"/lilas/2026/{kind}" + ("" if kind == "config" else f"/{Path(path).name}")
        assert served.ask("DELETE", address) == 403
        assert served.ask("POST", address, b"encrypted by somebody") == 403
    key = next(Path(path) for path in told if "/keys/" in path).read_bytes()
    for body in (b"junk", key + b" "):
        assert served.ask("POST", f"/lilas/2026/keys/{name_of(body)}", body) == 403
    assert served.ask("POST", "/lilas/2026/?create=true") == 200
    assert served.ask("DELETE", "/lilas/2026/") == 403
    noise = random.Random(3)
    words = ["lilas", "2026", "..", "%2e%2e", "%00", "%ff", "data", "keys", "config", "as-of", ""]
    for _ in range(60):
        path = "/" + "/".join(noise.choices(words, k=noise.randint(0, 5)))
        method = noise.choice(["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"])
        assert served.ask(method, path, noise.randbytes(9)) in {200, 400, 403, 404, 405}, path
