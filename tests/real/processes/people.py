"""People of an installation, and their browsers, without a browser."""

import contextlib
import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.support.installations import Installation

_LOGIN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from quenotte.base.keyboard.access import SITTING
from quenotte.base.keyboard.operations import open_sitting, seat
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice, Workstation
from quenotte.base.practice.rules import LONGEST_IDLE_S
import hashlib, secrets
word = secrets.token_hex(4)
practice = Practice.objects.create(name="Cabinet", dicom_issuer=word)
person = Person.objects.create_user(f"alice-{word}", "un-mot-de-passe-long", practice=practice,
    first_name="Alice", last_name="Martin", role="praticien", is_manager=True)
key = secrets.token_urlsafe(32)
# Between two tests that share her, others may take longer than the usual lock waits.
place = Workstation.objects.create(practice=practice, name="Poste", idle_lock_s=LONGEST_IDLE_S,
    key_digest=hashlib.sha256(key.encode()).hexdigest())
sitting = open_sitting(person_id=person.pk, practice_id=practice.pk, role=person.role,
    needs_factor=False)
seat(sitting_id=sitting.id, workstation_id=place.id)
session = SessionStore()
session[SITTING] = str(sitting.id)
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = "quenotte.base.people.backends.Backend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(session.session_key, practice.pk, person.pk, key)
"""


class Login:
    """A person of an installation who is logged in."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        words = installation.script(_LOGIN).split()
        self.session, self.practice_id, self.person_id, key = words
        #: The workstation's key, which a browser keeps from one answer to the next.
        self._workstation = f"; quenotte_poste={key}"

    @property
    def headers(self) -> dict[str, str]:
        """What her browser sends with each request."""
        return {"Cookie": f"quenotte_session={self.session}{self._workstation}"}

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        """Ask for a page; return its status, headers and text."""
        return self._ask("GET", path, self.headers)

    def post(self, path: str, **fields: str) -> tuple[int, dict[str, str], str]:
        """Send a form; return the status, headers and text of the answer."""
        token = "a" * 32
        headers = {
            "Cookie": f"{self.headers['Cookie']}; quenotte_csrf={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._ask("POST", path, headers, urlencode(fields))

    def upload(
        self, path: str, field: str, name: str, content: bytes
    ) -> tuple[int, dict[str, str], str]:
        """Send a file as a form does; return the status, headers and text of the answer."""
        token, edge = "a" * 32, "quenotte-edge"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        headers = {
            "Cookie": f"{self.headers['Cookie']}; quenotte_csrf={token}",
            "X-CSRFToken": token,
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, headers, body)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: str | bytes | None = None
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=60)
        try:
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                if cookie.startswith("quenotte_poste="):
                    self._workstation = f"; {cookie.partition(';')[0]}"
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            line.close()

    @contextmanager
    def listening(self) -> Iterator["Stream"]:
        """Open the live stream."""
        line = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=60)
        line.request("GET", "/live/", headers=self.headers)
        try:
            yield Stream(line.getresponse())
        finally:
            line.close()


class Stream:
    """A live stream, read event by event."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self._answer = answer

    def hear(self, name: str) -> dict[str, object] | None:
        """Return the next event of this name; None at the end.

        Others may come between: the worker tells of its jobs whenever it likes.
        """
        deadline = time.monotonic() + 60
        while line := self._answer.readline():
            # The stream says every few seconds that it is alive, and nothing else.
            assert time.monotonic() < deadline, f"no {name} was heard"
            if line.startswith(b"data: "):
                event: dict[str, object] = json.loads(line.removeprefix(b"data: "))
                if event["name"] == name:
                    return event
        return None


def children_of(pid: int) -> dict[str, int]:
    """Return the processes of a supervisor, by their names (Linux)."""
    import psutil

    found = {}
    for child in psutil.Process(pid).children():
        # One that has just ended has no name.
        with contextlib.suppress(psutil.Error):
            found[child.name().removeprefix("quenotte-")] = child.pid
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process runs (a zombie does not)."""
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(pid: int) -> None:
    """SIGKILL."""
    os.kill(pid, 9)
