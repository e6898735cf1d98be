"""A practice served to its network, asked by programs that we did not write: OpenSSL, curl, ssl."""

import contextlib
import http.client
import json
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.real.processes.people import Login, children_of
from tests.support.installations import Installation, Workshop, free_port, wait_until

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

NAME = "cabinet.local"


@dataclass
class Lan:
    """An installation that serves its network, which is this machine alone."""

    installation: Installation
    server: "subprocess.Popen[str]"
    trust_port: int
    authority: Path
    words: list[str] = field(default_factory=list)

    @property
    def context(self) -> ssl.SSLContext:
        """What a client trusts: the authority and nothing else."""
        return ssl.create_default_context(cafile=self.authority)

    def connect(self) -> ssl.SSLSocket:
        """Shake hands as a browser that was pointed at the name."""
        plain = socket.create_connection(("127.0.0.1", self.installation.port), timeout=30)
        return self.context.wrap_socket(plain, server_hostname=NAME)

    def serial(self) -> str:
        """Return the number of the certificate that is shown now."""
        with self.connect() as shown:
            return str((shown.getpeercert() or {})["serialNumber"])

    def plain(self, path: str, **options: str) -> str:
        """Ask the plain port with curl; return head and body."""
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        url = f"http://127.0.0.1:{self.trust_port}{path}"
        return curl("-s", "-i", "--path-as-is", *words, url)


def curl(*words: str) -> str:
    """Run curl; return what it wrote."""
    done = subprocess.run(
        ["curl", "--max-time", "30", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture(scope="module")
def lan(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    """One installation that serves its network while the tests of this file look at it."""
    installation = workshop.make()
    trust_port = free_port()
    server = installation.serve(
        "--lan", "cabinet", "--host", "127.0.0.1", "--trust-port", str(trust_port)
    )
    try:
        wait_until(lambda: server.poll() is not None or answers(trust_port), timeout_s=120)
        wait_until(installation.answers)
        path = tmp_path_factory.mktemp("poste") / "autorite.pem"
        fetched = path.with_suffix(".crt")
        curl("-sf", "-o", str(fetched), f"http://127.0.0.1:{trust_port}/autorite-quenotte.crt")
        subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-in", fetched, "-out", path], check=True
        )
        yield Lan(installation, server, trust_port, path)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
        assert server.stdout is not None
        server.stdout.close()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_openssl_verifies_the_whole_chain(lan: Lan):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{lan.installation.port}", "-servername",
         NAME, "-verify_hostname", NAME, "-CAfile", lan.authority, "-x509_strict",
         "-verify_return_error", "-brief"],
        input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Verification: OK" in said
    assert "TLSv1.3" in said


@pytest.mark.parametrize(("version", "code"), [("-tls1_2", 0), ("-tls1_1", 1)])
def test_old_protocols_are_refused(lan: Lan, version: str, code: int):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{lan.installation.port}", version,
         "-cipher", "ALL:@SECLEVEL=0"],
        input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code


def test_curl_reads_a_page_by_name_and_by_address(lan: Lan):
    port = lan.installation.port
    for host in (NAME, "localhost", "127.0.0.1"):
        head = curl(
            "-s", "-I", "--cacert", str(lan.authority), "--resolve", f"{NAME}:{port}:127.0.0.1",
            f"https://{host}:{port}/connexion/",
        )  # fmt: skip
        assert re.match(r"HTTP/1\.1 (200|302)", head)
        # Other services of this machine, and the plain port, keep their own scheme.
        assert "strict-transport-security" not in head.lower()


def test_who_does_not_trust_the_authority_gets_nothing(lan: Lan):
    done = subprocess.run(
        ["curl", "-s", f"https://127.0.0.1:{lan.installation.port}/"], check=False
    )
    assert done.returncode == 60


def test_port_of_the_pages_speaks_no_plain_http(lan: Lan):
    done = subprocess.run(
        ["curl", "-s", f"http://127.0.0.1:{lan.installation.port}/connexion/"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == b""


def test_name_that_is_not_in_the_certificate_is_not_answered(lan: Lan):
    with lan.connect() as connection:
        connection.sendall(b"GET /connexion/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")


def test_keys_are_for_the_account_of_quenotte_alone(lan: Lan):
    for path in (lan.installation.folder / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_plain_port_serves_the_explanation_and_nothing_else(lan: Lan):
    urls = lan.installation.script(
        "import json\n"
        "from django.urls import get_resolver, URLPattern\n"
        "def walk(one, prefix=''):\n"
        "    for p in one.url_patterns:\n"
        "        route = prefix + str(p.pattern)\n"
        "        yield from [route] if isinstance(p, URLPattern) else walk(p, route)\n"
        "print(json.dumps(sorted(walk(get_resolver()))))"
    )
    routes = ["/" + re.sub(r"<[^>]*>", "1", route) for route in json.loads(urls)]
    keys = ["/../keys/authority.pem", "/%2e%2e/keys/server.pem", "/keys/authority.pem",
            "/db.sqlite3", "/live/", "/static/web/built/manifest.json"]  # fmt: skip
    assert len(routes) > 40
    pages = f"https://{NAME}:{lan.installation.port}/"
    told = f"https://127.0.0.1:{lan.installation.port}/"
    for path in {*routes, *keys} - {"/"}:
        answer = lan.plain(path)
        assert answer.startswith("HTTP/1.1 303"), path
        assert f"Location: {told}" in answer, path
        assert answer.endswith("Content-Length: 0\n\n"), path
    assert f"Location: {pages}" in lan.plain("/x", header="Host: evil.example")
    assert lan.plain("/", data="login=alice&password=x").startswith("HTTP/1.1 303")
    assert "Relier ce poste" in lan.plain("/")
    assert "Set-Cookie" not in lan.plain("/")


@pytest.mark.parametrize(
    "words",
    [b"", b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.1 x\r\n\r\n", b"\xff\xfe\x00\r\n\r\n",
     b"G" * 20_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n"],
)  # fmt: skip
def test_plain_port_bears_nonsense(lan: Lan, words: bytes):
    with socket.create_connection(("127.0.0.1", lan.trust_port), timeout=30) as connection:
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
    assert "Relier ce poste" in lan.plain("/")


def test_process_of_the_plain_port_holds_no_database_and_no_key(lan: Lan):
    child = children_of(lan.server.pid)["trust"]
    opened = [str(one.resolve()) for one in Path(f"/proc/{child}/fd").iterdir() if one.exists()]
    assert not [path for path in opened if "sqlite" in path or "/keys/" in path]
    mapped = Path(f"/proc/{child}/maps").read_text()
    assert "psycopg" not in mapped
    assert "_sqlite3" not in mapped


def over_tls(lan: Lan, timeout_s: float) -> http.client.HTTPSConnection:
    return http.client.HTTPSConnection(
        "localhost", lan.installation.port, context=lan.context, timeout=timeout_s
    )


def test_renewal_cuts_nobody(lan: Lan):
    login = Login(lan.installation)
    stop = threading.Event()
    lost: list[str] = []
    done: list[int] = []

    def hammer() -> None:
        while not stop.is_set():
            try:
                with contextlib.closing(over_tls(lan, 30)) as asked:
                    asked.request("GET", "/patients/", headers=login.headers)
                    answer = asked.getresponse()
                    answer.read()
            except (OSError, http.client.HTTPException) as error:
                lost.append(repr(error))
            else:
                done.append(answer.status)

    threads = [threading.Thread(target=hammer) for _ in range(3)]
    with streaming(lan, login) as stream:
        for thread in threads:
            thread.start()
        renew(lan)
        # It ends as it should, not cut in the middle; the browser comes back by itself.
        stream.read()
        assert stream.isclosed()
    deadline = time.monotonic() + 60
    while len(done) <= 10 and not lost and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert lost == []
    assert set(done) == {200}
    assert len(done) > 10
    with streaming(lan, login) as again:
        assert again.status == 200


def test_renewal_after_renewal_is_served_by_the_same_process(lan: Lan):
    web = children_of(lan.server.pid)["web"]
    for _turn in range(2):
        renew(lan)
    assert children_of(lan.server.pid)["web"] == web


def renew(lan: Lan) -> None:
    """Renew the certificate, and wait until the new one is shown."""
    before = lan.serial()
    assert lan.installation.command("certificate", "renew").returncode == 0
    wait_until(lambda: lan.serial() != before)


@contextlib.contextmanager
def streaming(lan: Lan, login: Login) -> Iterator[http.client.HTTPResponse]:
    """Open the live stream of a browser, over TLS."""
    asked = over_tls(lan, 60)
    asked.request("GET", "/live/", headers=login.headers)
    answer = asked.getresponse()
    try:
        assert answer.status == 200
        assert answer.readline() == b"retry: 2000\n"
        yield answer
    finally:
        answer.close()
        asked.close()


def test_killed_supervisor_leaves_a_certificate_that_works(workshop: Workshop):
    installation = workshop.make()
    server = installation.serve("--lan", "--host", "127.0.0.1", "--trust-port", "0")
    wait_until(lambda: server.poll() is not None or installation.answers(), timeout_s=120)
    server.kill()
    server.wait()
    assert server.stdout is not None
    server.stdout.close()
    assert installation.command("certificate", "show").returncode == 0
    wait_until(lambda: not installation.answers())
    again = installation.serve("--lan", "--host", "127.0.0.1", "--trust-port", "0")
    try:
        wait_until(lambda: again.poll() is not None or installation.answers(), timeout_s=120)
        assert again.poll() is None
        ours = {"web", "dicom", "worker", "wal", "ready"}
        # One that has just begun has not taken its name yet.
        wait_until(lambda: set(children_of(again.pid)) <= ours)
    finally:
        again.terminate()
        again.wait(timeout=60)
        assert again.stdout is not None
        again.stdout.close()


def test_web_process_alone_speaks_tls_too(workshop: Workshop, tmp_path: Path):
    installation = workshop.make()
    words = ["web", "--lan", "cabinet", "--host", "127.0.0.1", "--port", str(installation.port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "quenotte", *words],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: server.poll() is not None or installation.answers(), timeout_s=120)
        pem = tmp_path / "a.pem"
        der = installation.folder / "run" / "authority.crt"
        subprocess.run(["openssl", "x509", "-inform", "DER", "-in", der, "-out", pem], check=True)
        head = curl("-s", "-I", "--cacert", str(pem), f"https://localhost:{installation.port}/")
        assert head.startswith("HTTP/1.1 302")
    finally:
        server.terminate()
        server.wait(timeout=60)
        assert server.stdout is not None
        server.stdout.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--lan", "cabinet dentaire"], 6, "ne peut pas nommer une machine"),
        (["--lan", "--host", "8.8.8.8"], 6, "n’écoute pas sur Internet"),
        (["--host", "0.0.0.0"], 2, "--lan"),
    ],
)
def test_what_cannot_be_served_is_said(workshop: Workshop, words: list[str], code: int, said: str):
    installation = workshop.make()
    server = installation.serve(*words)
    text, _errors = server.communicate(timeout=60)
    assert server.returncode == code, text
    assert said in " ".join(text.split())
