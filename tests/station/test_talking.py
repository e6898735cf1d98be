"""What is said to the door and how its answers are taken."""

import contextlib
import gzip
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import issue, make_authority
from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.station import lines
from quenotte.station.addresses import Server, server_of
from quenotte.station.knowing import Known, report_of
from quenotte.station.lines import Line, Unreached, Why
from quenotte.station.refusals import (
    NotACertificate,
    NotAnAddress,
    NotAnAuthority,
    NotAnswered,
    NotOverTls,
    NotReached,
    NotUnderstood,
    TokenRefused,
)
from quenotte.station.talking import Outcome, Word, enrol, tell
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import NO_CERTIFICATE, Enrolled
from quenotte.wire.fingerprints import Fingerprint
from quenotte.wire.messages import write
from quenotte.wire.reports import Report, Told
from tests.support.installations import free_port

pytestmark = [pytest.mark.one_engine, pytest.mark.real_clock]

REPORT = Report(datetime(2026, 11, 18, 9, tzinfo=UTC), (Told("machine.name", "ACCUEIL"),))
BEAT = Fingerprint("0" * 32)


class Door(ThreadingHTTPServer):
    """A server on the loopback that answers one thing."""

    heard: list[tuple[str, dict[str, str], bytes]]


@contextmanager
def _door(status: int, body: bytes = b"", **headers: str) -> Iterator[tuple[Door, Line]]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            door.heard.append((self.path, dict(self.headers), raw))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    door = Door(("127.0.0.1", 0), Handler)
    door.heard = []
    thread = Thread(target=door.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield door, Line(Server("127.0.0.1", door.server_port, is_tls=False))
    finally:
        door.shutdown()
        thread.join()
        door.server_close()


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (Code.ACCEPTED, Word.TAKEN),
        (Code.SEND_REPORT, Word.SEND_ALL),
        (Code.QUARANTINED, Word.WAITING),
        (Code.UNKNOWN_NODE, Word.REVOKED),
    ],
)
def test_answers_of_the_door(code: Code, word: Word) -> None:
    with _door(200, write(Answer(code))) as (door, line):
        assert tell(line, "k", BEAT) == Outcome(word)
    path, headers, body = door.heard[0]
    assert path == "/agents/station/report"
    assert headers["Authorization"] == "Bearer k"
    assert json.loads(body)["digest"] == "0" * 32


def test_door_may_say_in_words_of_its_own_when_to_come() -> None:
    with _door(200, write(Answer(Code.TRY_LATER, 90))) as (_, line):
        assert tell(line, "k", BEAT) == Outcome(Word.LATER, 90, "busy")


@pytest.mark.parametrize(
    ("told", "after_s"),
    [
        ("90", 90.0),
        ("999999999", 86400.0),
        ("-1", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("", None),
        ("٣", None),
    ],
)
def test_busy_server_is_believed_about_when(told: str, after_s: float | None) -> None:
    headers = {"Retry_After": told} if told.isascii() else {}
    for status in (429, 500, 502, 503, 504):
        with _door(status, b"", **headers) as (_, line):
            assert tell(line, "k", BEAT) == Outcome(Word.LATER, after_s, "busy")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Bienvenue</html>"),
        (200, b""),
        (200, b"x" * 100_000),
        (301, b""),
        (400, b"not_json"),
        (401, b""),
        (403, b""),
        (404, b""),
        (413, b""),
    ],
)
def test_strange_answer_is_no_revocation(status: int, body: bytes) -> None:
    with _door(status, body, Location="http://127.0.0.1/") as (door, line):
        assert tell(line, "k", REPORT).word is Word.STRANGE
    assert len(door.heard) == 1


def test_long_report_is_packed() -> None:
    rows = [{"name": f"Programme {number}", "version": "1"} for number in range(200)]
    report = Report(REPORT.sent_at, (Told("software", rows),))
    with _door(200, write(Answer(Code.ACCEPTED))) as (door, line):
        tell(line, "k", report)
    body = door.heard[0][2]
    assert gzip.decompress(body) == write(report)
    assert len(body) < 2000


def test_key_is_given_for_a_token() -> None:
    with _door(200, write(Enrolled("ab" * 32))) as (door, line):
        assert enrol(line, "7KQM3", REPORT, "cd" * 32) == "ab" * 32
    assert door.heard[0][0] == "/agents/station/enrol"
    assert door.heard[0][1]["X-Quenotte-Token"] == "7KQM3"
    assert door.heard[0][1]["Authorization"] == f"Bearer {'cd' * 32}"


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, TokenRefused), (503, NotAnswered), (200, NotUnderstood), (404, NotUnderstood)],
)
def test_token_that_is_not_taken(status: int, error: type[Exception]) -> None:
    with _door(status) as (_, line), pytest.raises(error):
        enrol(line, "7KQM3", REPORT, "cd" * 32)


def test_server_that_is_not_there() -> None:
    line = Line(Server("127.0.0.1", free_port(), is_tls=False))
    assert tell(line, "k", BEAT) == Outcome(Word.LATER, None, "no_route")
    with pytest.raises(NotReached, match="joindre"):
        enrol(line, "7KQM3", REPORT, "cd" * 32)


def test_server_that_hangs_up_or_speaks_no_http(monkeypatch: pytest.MonkeyPatch) -> None:
    import http.client

    def fail(error: Exception) -> Why:
        class Broken:
            def request(self, *_words: object) -> None:
                raise error

            def close(self) -> None:
                raise OSError

        line = Line(Server("127.0.0.1", 1, is_tls=False))
        monkeypatch.setattr(line, "_connection", Broken)
        with pytest.raises(Unreached) as told:
            line.post("/", b"", {})
        return told.value.why

    assert fail(http.client.BadStatusLine("x")) is Why.NO_ANSWER
    assert fail(TimeoutError()) is Why.NO_ANSWER
    assert fail(ConnectionResetError()) is Why.NO_ANSWER
    assert fail(socket.gaierror()) is Why.NO_NAME
    assert fail(ssl.SSLError()) is Why.TLS
    assert fail(OSError()) is Why.NO_ROUTE
    wrong = ssl.SSLCertVerificationError()
    wrong.verify_code = 10
    assert fail(wrong) is Why.DATES
    wrong.verify_code = 20
    assert fail(wrong) is Why.CERTIFICATE


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://agents.example.org", Server("agents.example.org", 443)),
        (" https://agents.example.org:8443/ ", Server("agents.example.org", 8443)),
        ("https://example.org/parc/", Server("example.org", 443, True, "/parc")),
        ("https://[2001:db8::1]", Server("2001:db8::1", 443)),
    ],
)
def test_addresses(url: str, server: Server) -> None:
    assert server_of(url) == server
    assert server_of(server.url) == server


@pytest.mark.parametrize(
    "url",
    ["", "agents.example.org", "ftp://x.org", "https://", "https://a:b@x.org", "https://x.org?a",
     "https://x.org#a", "https://x.org:99999", "https://[::1"],
)  # fmt: skip
def test_words_that_are_no_address(url: str) -> None:
    with pytest.raises(NotAnAddress):
        server_of(url)


def test_plain_http_is_for_the_loopback_of_tests_alone() -> None:
    with pytest.raises(NotOverTls):
        server_of("http://127.0.0.1:8101")
    with pytest.raises(NotOverTls):
        server_of("http://agents.example.org", plain_loopback=True)
    plain = server_of("http://127.0.0.1:8101", plain_loopback=True)
    assert plain == Server("127.0.0.1", 8101, False)
    assert plain.url == "http://127.0.0.1:8101"


def test_authority_that_is_none_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("pas un certificat")
    with pytest.raises(NotAnAuthority):
        Line(Server("x.org", 443), str(path))
    path.write_bytes(b"\xff")
    with pytest.raises(NotAnAuthority):
        Line(Server("x.org", 443), str(path))
    assert lines.Line(Server("x.org", 443))._trust is not None


def test_authority_is_taken_as_pem_and_as_der(tmp_path: Any) -> None:
    made = make_authority("localhost", datetime.now(UTC)).certificate
    for name, raw in (("ca.pem", pairs.public_pem(made)), ("ca.crt", pairs.public_bytes(made))):
        path = tmp_path / name
        path.write_bytes(raw)
        trust = Line(Server("x.org", 443), str(path))._trust
        assert trust is not None
        # It, and nothing that the system trusts.
        assert [one["subject"] for one in trust.get_ca_certs()] != []
        assert len(trust.get_ca_certs()) == 1


@contextmanager
def _demanding(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """TLS that hangs up, as servers do, on who has no certificate of an authority of its own."""
    authority = make_authority("localhost", datetime.now(UTC))
    (ca := tmp_path / "ca.pem").write_bytes(pairs.public_pem(authority.certificate))
    pairs.write(
        tmp_path / "server.pem", issue(authority, ["localhost"], ["127.0.0.1"], datetime.now(UTC))
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca)

    heard = Event()

    def meet() -> None:
        client, _address = listener.accept()
        with context.wrap_socket(client, server_side=True, do_handshake_on_connect=False) as tls:
            with contextlib.suppress(OSError):
                tls.do_handshake()
            # It lingers, so that what it said of the certificate is heard.
            heard.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=meet)
        thread.start()
        yield listener.getsockname()[1], ca
        heard.set()
        thread.join(timeout=20)


@pytest.mark.parametrize("shows", [False, True])
def test_server_that_wants_another_certificate_is_told_apart(tmp_path: Path, shows: bool) -> None:
    mine = tmp_path / "mine.pem"
    stranger = make_authority("localhost", datetime.now(UTC))
    pairs.write(mine, issue(stranger, ["localhost"], [], datetime.now(UTC)))
    with _demanding(tmp_path) as (port, ca):
        line = Line(Server("127.0.0.1", port), str(ca), (str(mine) if shows else "", ""))
        with pytest.raises(Unreached) as told:
            line.post("/", b"", {})
    assert told.value.why is Why.OURS


def test_door_that_wants_a_certificate_is_told_apart_from_a_bad_token() -> None:
    with _door(403, NO_CERTIFICATE) as (_, line):
        with pytest.raises(NotReached, match="--client-cert"):
            enrol(line, "A", REPORT, "cd" * 32)
        told = tell(line, "k", BEAT)
    assert (told.word, told.trouble) == (Word.LATER, "ours")


def test_certificate_that_cannot_be_shown_is_refused_at_the_start(tmp_path: Path) -> None:
    pair = make_authority("localhost", datetime.now(UTC))
    locked, certificate = tmp_path / "locked.key", tmp_path / "mine.crt"
    certificate.write_bytes(pairs.public_pem(pair.certificate))
    secret = BestAvailableEncryption(b"un mot")
    locked.write_bytes(pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    other = tmp_path / "other.pem"
    pairs.write(other, make_authority("localhost", datetime.now(UTC)))
    for paths in (
        ("/nowhere.crt", "/nowhere.key"),
        (str(certificate), ""),
        (str(certificate), str(locked)),
        (str(certificate), str(other)),
        ("", str(other)),
        (str(tmp_path), str(other)),
    ):
        with pytest.raises(NotACertificate):
            Line(Server("x.org", 443), "", paths)
    Line(Server("x.org", 443), "", (str(other), ""))


def test_report_that_is_too_long_leaves_its_longest_list_out() -> None:
    known = Known()
    rows = [{"name": f"{number} " + "é" * 100, "version": "1" * 50} for number in range(2000)]
    facts = [Fact("software", rows, Source.STATION, REPORT.sent_at)]
    facts.append(Fact("machine.name", "ACCUEIL", Source.STATION, REPORT.sent_at))
    known.note(facts, 0.0)
    report = report_of(known.told(1.0), REPORT.sent_at)
    told = {one.key: one.unknown or one.value for one in report.facts}
    assert told == {"software": Unknown.NOT_READABLE, "machine.name": "ACCUEIL"}


def test_value_that_the_wire_refuses_is_not_credible() -> None:
    known = Known()
    known.note([Fact("updates.missing", -3, Source.STATION, REPORT.sent_at)], 0.0)
    (one,) = known.told(0.0)
    assert one.unknown is Unknown.NOT_CREDIBLE


def test_facts_that_are_a_month_old_are_not_told() -> None:
    known = Known()
    known.note([Fact("updates.missing", 3, Source.STATION, REPORT.sent_at)], 0.0)
    assert known.told(40 * 86400.0) == ()
    known.recall({"updates.missing": {"value": 3}, "x": {"at": 0}, "y": 7}, 0.0, REPORT.sent_at)  # type: ignore[dict-item]
