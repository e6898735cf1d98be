import asyncio
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from quenotte.config import bridge as bridges
from quenotte.config.bridge import Bridge

pytestmark = pytest.mark.real_clock


class Answer(list[bytes]):
    """A whole answer, as Django gives one."""

    streaming = False

    def __init__(self, parts: Iterable[bytes]) -> None:
        super().__init__(parts)
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Guard:
    """A guard that answers as it is told, and counts what it is told."""

    def __init__(self, *, known: bool = True, free_bytes: int = 10**12) -> None:
        self.known, self.free_bytes = known, free_bytes
        self.asked: list[str] = []
        self.noted: list[tuple[str, str]] = []

    async def knows(self, cookies: str) -> bool:
        self.asked.append(cookies)
        return self.known

    def has_room(self, extra_bytes: int) -> bool:
        self.free_bytes -= extra_bytes
        return self.free_bytes > 0

    def note(self, reason: str, cookies: str) -> None:
        self.noted.append((reason, cookies))


SCOPE: dict[str, Any] = {
    "type": "http",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "scheme": "http",
    "headers": [],
    "client": ("127.0.0.1", 1),
    "server": ("127.0.0.1", 2),
}


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Body", "é")])
    return Answer([environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()])


def ask(
    application: Any,
    *messages: dict[str, Any],
    folder: Path,
    method: str = "POST",
    headers: tuple[tuple[bytes, bytes], ...] = ((b"transfer-encoding", b"chunked"),),
    limit: int = 10_000_000,
    guard: Guard | None = None,
) -> list[dict[str, Any]]:
    """Send one request; return what was sent back."""
    waiting, sent = list(messages), []

    async def receive() -> Any:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = SCOPE | {"method": method, "headers": list(headers)}
    watch: Any = guard or Guard()
    bridge = Bridge(application, threads=2, spool_folder=folder, max_body_bytes=limit, guard=watch)
    asyncio.run(bridge(scope, receive, send))
    bridge._pool.shutdown()
    return sent


def body(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


def text_of(sent: list[dict[str, Any]]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


@pytest.fixture(autouse=True)
def _short_drain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a client that has nothing more to send."""
    monkeypatch.setattr(bridges, "_DRAIN_S", 0.05)


def test_request_and_answer_pass(tmp_path: Path):
    sent = ask(echo, body(b"abc", more=True), body(b"def"), folder=tmp_path)
    assert sent[0]["status"] == 200
    assert (b"x-body", "é".encode("latin-1")) in sent[0]["headers"]
    assert text_of(sent) == b"POST abcdef"
    assert sent[-1]["more_body"] is False


def test_request_without_body_is_not_waited_for(tmp_path: Path):
    assert text_of(ask(echo, folder=tmp_path, method="GET", headers=())) == b"GET "


def test_answer_to_head_has_no_body(tmp_path: Path):
    sent = ask(echo, folder=tmp_path, method="HEAD", headers=())
    assert text_of(sent) == b""


def test_large_body_goes_to_the_disk_and_leaves_nothing(tmp_path: Path):
    seen: list[int] = []

    def measure(environ: dict[str, Any], start_response: Any) -> Answer:
        seen.append(environ["wsgi.input"].fileno())
        start_response("200 OK", [])
        return Answer([str(len(environ["wsgi.input"].read())).encode()])

    parts = [body(b"x" * 700_000, more=True)] * 3 + [body(b"")]
    assert text_of(ask(measure, *parts, folder=tmp_path)) == b"2100000"
    assert seen[0] > 0
    assert list(tmp_path.iterdir()) == []


def never(_environ: Any, _start: Any) -> Any:
    raise AssertionError("the application was asked")


CHUNKED = ((b"transfer-encoding", b"chunked"), (b"cookie", b"a=1"), (b"cookie", b"b=2"))
ANNOUNCED = ((b"content-length", b"40000000"), (b"cookie", b"a=1"), (b"cookie", b"b=2"))


@pytest.mark.parametrize("headers", [CHUNKED, ANNOUNCED])
def test_large_body_of_a_stranger_is_refused_at_once(tmp_path: Path, headers: Any):
    guard = Guard(known=False)
    parts = [body(b"x" * 4_000_000, more=True)] * 2 + [body(b"")]
    sent = ask(never, *parts, folder=tmp_path, headers=headers, limit=10**9, guard=guard)
    assert sent[0]["status"] == 403
    assert "Rien n’a été modifié" in text_of(sent).decode()
    assert guard.asked == ["a=1; b=2"]


@pytest.mark.parametrize("headers", [CHUNKED, ANNOUNCED])
def test_body_that_does_not_fit_on_the_disk_is_refused(tmp_path: Path, headers: Any):
    parts = [body(b"x" * 9_000_000, more=True)] * 2 + [body(b"")]
    guard = Guard(free_bytes=8_000_000)
    sent = ask(never, *parts, folder=tmp_path, headers=headers, limit=10**9, guard=guard)
    assert sent[0]["status"] == 507
    assert "L’espace disque du serveur est insuffisant" in text_of(sent).decode()
    assert guard.noted == [("no_room", "a=1; b=2")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "headers", [((b"content-length", b"5000"),), ((b"transfer-encoding", b"chunked"),)]
)
def test_body_above_the_limit_is_refused(tmp_path: Path, headers: tuple[tuple[bytes, bytes], ...]):
    parts = [body(b"x" * 800, more=True), body(b"x" * 800, more=True), body(b"")]
    guard = Guard()
    sent = ask(never, *parts, folder=tmp_path, headers=headers, limit=1000, guard=guard)
    assert guard.noted == [("too_big", "")]
    assert sent[0]["status"] == 413
    assert "trop volumineux" in text_of(sent).decode()
    assert (b"connection", b"close") in sent[0]["headers"]


def asked(
    size: str, folder: Path, guard: Guard, *more: tuple[bytes, bytes]
) -> list[dict[str, Any]]:
    headers = ((b"x-upload-bytes", size.encode()), (b"cookie", b"a=1"), *more)
    return ask(echo, folder=folder, method="HEAD", headers=headers, limit=10**8, guard=guard)


@pytest.mark.parametrize(
    ("size", "known", "free_bytes", "status"),
    [
        ("100000001", True, 10**12, 413),
        ("20000000", True, 10_000_000, 507),
        ("20000000", False, 10**12, 403),
        ("100000000", True, 10**12, 200),
        ("1000", False, 0, 200),
        ("many", True, 10**12, 200),
        ("9" * 5000, True, 10**12, 200),
    ],
)
def test_browser_whose_upload_was_cut_may_ask_why(
    tmp_path: Path, size: str, known: bool, free_bytes: int, status: int
):
    guard = Guard(known=known, free_bytes=free_bytes)
    assert asked(size, tmp_path, guard)[0]["status"] == status
    # The body that was cut has left its line; a question leaves none.
    assert guard.noted == []


@pytest.mark.parametrize(("size", "noted"), [("100000001", 1), ("100000000", 0)])
def test_browser_that_does_not_send_what_is_too_large_leaves_a_line(
    tmp_path: Path, size: str, noted: int
):
    guard = Guard(known=True, free_bytes=10**12)
    asked(size, tmp_path, guard, (b"x-upload-unsent", b"1"))
    assert guard.noted == [("too_big", "a=1")] * noted


def test_only_a_question_speaks_of_a_size(tmp_path: Path):
    headers = ((b"x-upload-bytes", b"900000000"),)
    sent = ask(echo, folder=tmp_path, method="GET", headers=headers, limit=1000)
    assert sent[0]["status"] == 200


def test_drain_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    sent = ask(echo, folder=tmp_path, headers=((b"content-length", b"5000"),), limit=10)
    assert sent[0]["status"] == 413
    monkeypatch.setattr(bridges, "_DRAIN_BYTES", 1)
    parts = [body(b"xx", more=True)] * 3
    ask(echo, *parts, folder=tmp_path, headers=((b"content-length", b"5000"),), limit=10)


@pytest.mark.parametrize("message", [{"type": "http.disconnect"}, None])
def test_client_that_leaves_or_falls_silent_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: dict[str, Any] | None
):
    monkeypatch.setattr(bridges, "_SILENCE_S", 0.05)
    parts = [body(b"x", more=True)] + ([message] if message else [])
    assert ask(echo, *parts, folder=tmp_path) == []


def test_disk_that_refuses_the_body_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Full(tempfile.SpooledTemporaryFile[bytes]):
        def write(self, _data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Full)
    sent = ask(echo, body(b"abc"), folder=tmp_path)
    assert sent[0]["status"] == 507
    assert "Rien d’autre n’est perdu" in text_of(sent).decode()


def test_streamed_answer_leaves_in_pieces_and_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bridges, "_PIECE_BYTES", 10)
    answer = Answer(b"1234" for _ in range(7))
    answer.streaming = True

    def stream(_environ: Any, start_response: Any) -> Answer:
        start_response("200 OK", [])
        return answer

    sent = ask(stream, folder=tmp_path, method="GET", headers=())
    assert [len(message["body"]) for message in sent[1:]] == [12, 12, 4, 0]
    assert answer.is_closed


def test_pages_take_turns_and_a_streamed_answer_gives_up_its_own(tmp_path: Path):
    inside, most, streaming = 0, 0, threading.Event()
    lock = threading.Lock()

    def page(environ: dict[str, Any], start_response: Any) -> Any:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with lock:
            inside -= 1
        start_response("200 OK", [])
        if environ["PATH_INFO"] != "/flot":
            return Answer([b"page"])
        return iter([b"a", b"b"])

    async def all_at_once() -> None:
        bridge = Bridge(
            page, threads=8, spool_folder=tmp_path, max_body_bytes=10, guard=cast("Any", Guard())
        )

        async def one(path: str) -> None:
            async def send(message: Any) -> None:
                if path == "/flot" and message.get("body") == b"ab":
                    # The others are drawn while this one is still being sent.
                    streaming.set()
                    await asyncio.gather(*(one("/page") for _ in range(6)))

            scope = SCOPE | {"method": "GET", "path": path, "raw_path": path.encode()}
            await bridge(cast("Any", scope), cast("Any", None), cast("Any", send))

        await asyncio.gather(one("/flot"), *(one("/page") for _ in range(6)))
        bridge._pool.shutdown()

    asyncio.run(all_at_once())
    assert (most, streaming.is_set()) == (2, True)


def test_plain_iterable_without_close_is_streamed(tmp_path: Path):
    def plain(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])(b"ignored")
        return iter([b"a", b"b"])

    assert text_of(ask(plain, folder=tmp_path, method="GET", headers=())) == b"ab"


def test_application_that_breaks_answers_500(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    def broken(_environ: Any, _start: Any) -> Any:
        raise ZeroDivisionError

    sent = ask(broken, folder=tmp_path, method="GET", headers=())
    assert sent[0]["status"] == 500
    assert "the application failed" in caplog.text
