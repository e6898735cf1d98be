"""A message is handed to a service, and its answer says what to do next."""

import socket
import ssl
from pathlib import Path

import pytest

from quenotte.devices.push.client import Browser, Cause, PushTrouble, Sender, is_known, send
from quenotte.devices.push.sealing import new_key
from tests.support import mail_servers
from tests.support.push_services import Service, serving

SENDER = Sender(new_key(), "mailto:technique@exemple.test")


def to(service: Service) -> Browser:
    return Browser(f"{service.origin}/push/1?x=2", service.p256dh, service.auth)


def trouble_of(browser: Browser) -> PushTrouble:
    with pytest.raises(PushTrouble) as caught:
        send(SENDER, browser, b"x", topic="t")
    return caught.value


def test_message_arrives_with_its_headers():
    with serving() as service:
        send(SENDER, to(service), "Déjà dit".encode(), topic="sujet")
    assert service.texts() == ["Déjà dit"]
    (headers,) = service.taken
    assert headers["Authorization"].startswith("vapid t=")
    told = {name: headers[name] for name in ("Content-Encoding", "TTL", "Topic", "Urgency")}
    assert told == {
        "Content-Encoding": "aes128gcm",
        "TTL": "43200",
        "Topic": "sujet",
        "Urgency": "high",
    }


@pytest.mark.parametrize(
    ("status", "cause", "is_temporary"),
    [
        (404, Cause.GONE, False), (410, Cause.GONE, False), (429, Cause.BUSY, True),
        (503, Cause.BUSY, True), (400, Cause.REFUSED, False), (403, Cause.REFUSED, False),
        (302, Cause.REFUSED, False),
    ],
)  # fmt: skip
def test_answer_says_what_to_do(status: int, cause: Cause, is_temporary: bool):
    with serving(status) as service:
        trouble = trouble_of(to(service))
    assert (trouble.cause, trouble.is_temporary) == (cause, is_temporary)
    assert not service.bodies


def test_nobody_there_is_a_trouble_of_the_service():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        service = Service(port=taken.getsockname()[1])
        trouble = trouble_of(to(service))
    assert (trouble.cause, trouble.is_of_the_service) == (Cause.UNREACHABLE, True)


def test_service_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quenotte.devices.push.client._TIMEOUT_S", 0.2)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        trouble = trouble_of(to(Service(port=mute.getsockname()[1])))
    assert trouble.cause is Cause.TIMEOUT


def test_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path):
    authority = mail_servers.authority(tmp_path)
    with mail_servers.serving(tls=authority.server()) as post:
        service = Service()
        browser = Browser(f"https://127.0.0.1:{post.port}/", service.p256dh, service.auth)
        trouble = trouble_of(browser)
    assert trouble.cause is Cause.CERTIFICATE
    assert ssl.create_default_context().check_hostname


def test_what_cannot_be_sealed_is_no_trouble_of_the_service():
    trouble = trouble_of(Browser("https://push.example.net/", "AAAA", "AAAA"))
    assert (trouble.cause, trouble.is_temporary) == (Cause.ADDRESS, False)


@pytest.mark.parametrize(
    ("endpoint", "is_one"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.exemple.test/x", False),
        ("https://127.0.0.1/x", False),
        ("https://evilnotify.windows.com.test/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_messages_go_to_makers_of_browsers_alone(endpoint: str, is_one: bool):
    assert is_known(endpoint) is is_one


def test_service_of_tests_is_named_whole():
    assert is_known("http://127.0.0.1:8080/x", ("http://127.0.0.1:8080",))
    assert not is_known("http://127.0.0.1:8081/x", ("http://127.0.0.1:8080",))
