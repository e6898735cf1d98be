"""Five workstations that write through the pages, as browsers do: notes, appointments, pictures."""

import hashlib
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from quenotte.config.drill.witness import Witness

_TOKEN: Final = "a" * 32
_EDGE: Final = "quenotte-exercice"
_PATIENCE_S: Final = 20.0
#: From this hour on, one appointment after the other, on days on which people work.
_FIRST_HOUR: Final = 9
_A_DAY: Final = 16
_MINUTES: Final = 15
_PICTURE: Final = (300, 200)


@dataclass
class Room:
    """Where stations write, who looks on, and how it went."""

    port: int
    witness: Witness
    sample: Mapping[str, Any]
    pause_s: float
    stop: threading.Event = field(default_factory=threading.Event)
    refused: int = 0


class Station(threading.Thread):
    """One of them: writes without end until somebody stops it, or nobody answers any more."""

    def __init__(self, room: Room, number: int) -> None:
        super().__init__(name=f"station-{number}", daemon=True)
        self._room, self._number, self._count = room, number, 0
        self._who: dict[str, str] = room.sample["stations"][number]
        self._slots = _slots(number)
        self.acknowledged = 0

    def run(self) -> None:
        """Write one thing after the other; what is not acknowledged is nobody's."""
        kinds = (self._note, self._book, self._picture)
        while not self._room.stop.is_set():
            try:
                kinds[self._count % len(kinds)]()
            except (OSError, http.client.HTTPException):
                self._room.refused += 1
                self._room.stop.wait(0.2)
            self._count += 1
            self._room.stop.wait(self._room.pause_s)

    @property
    def _patient(self) -> dict[str, str]:
        people: list[dict[str, str]] = self._room.sample["patients"]
        return people[(7 * self._count + self._number) % len(people)]

    def _note(self) -> None:
        mark = f"exercice {self._number}-{self._count}"
        path = f"/patients/{self._patient['id']}/notes/nouvelle/"
        if self._form(path, text=f"Contrôle, {mark}.")[0] in {200, 204, 302}:
            self._seen("note", mark)

    def _book(self) -> None:
        at = next(self._slots)
        status, headers = self._form(
            "/agenda/rendez-vous/nouveau/",
            patient=self._patient["id"],
            practitioner=self._who["person"],
            chair=self._who["chair"],
            minutes=str(_MINUTES),
            panel="1",
            day=f"{at:%d/%m/%Y}",
            time=f"{at:%H:%M}",
        )
        if status == 204:
            self._seen("appointment", json.loads(headers["hx-trigger"])["agenda:booked"]["id"])

    def _picture(self) -> None:
        patient = self._patient
        mark, content = _drawn(self._room.sample["issuer"], patient, self._number, self._count)
        head = (
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="radio.dcm"\r\n'
            "Content-Type: application/dicom\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{_EDGE}--\r\n".encode()
        kind = f"multipart/form-data; boundary={_EDGE}"
        status, _headers = self._send(f"/patients/{patient['id']}/images/ajouter", body, kind)
        if status == 302:
            self._seen("radiograph", mark, hashlib.sha256(content).hexdigest())

    def _seen(self, kind: str, mark: str, digest: str = "") -> None:
        self._room.witness.hear(kind, mark, digest)
        self.acknowledged += 1

    def _form(self, path: str, **fields: str) -> tuple[int, dict[str, str]]:
        body = urlencode(fields).encode()
        return self._send(path, body, "application/x-www-form-urlencoded")

    def _send(self, path: str, body: bytes, kind: str) -> tuple[int, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self._room.port, timeout=_PATIENCE_S)
        headers = {
            "Cookie": f"{self._who['cookie']}; quenotte_csrf={_TOKEN}",
            "X-CSRFToken": _TOKEN,
            "HX-Request": "true" if "agenda" in path else "false",
            "Content-Type": kind,
        }
        try:
            line.request("POST", path, body=body, headers=headers)
            answer = line.getresponse()
            answer.read()
            if answer.status >= 400:
                self._room.refused += 1
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told
        finally:
            line.close()


def _slots(number: int) -> Any:
    """Yield free moments: each station fills its own chair, from two weeks on."""
    day = date.today() + timedelta(days=14)  # noqa: DTZ011 - a day of the agenda
    while True:
        if day.weekday() < 5:
            start = datetime(day.year, day.month, day.day, _FIRST_HOUR)  # noqa: DTZ001
            yield from (start + timedelta(minutes=_MINUTES * place) for place in range(_A_DAY))
        day += timedelta(days=1)


def _drawn(issuer: str, patient: Mapping[str, str], number: int, count: int) -> tuple[str, bytes]:
    """Return an invented radiograph: its identifier, its bytes."""
    from quenotte.devices.dicom import synthetic
    from quenotte.devices.dicom.phantom.tags import uid

    seed = 100_000 * (number + 1) + count
    pixels = synthetic.intraoral(seed % 11, teeth=(11,), rows=_PICTURE[0], columns=_PICTURE[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "radio.dcm"
        synthetic.write_radiograph(
            path,
            pixels=pixels,
            bits=synthetic.INTRAORAL_BITS,
            patient=synthetic.SyntheticPatient(
                file_number=patient["file_number"],
                issuer=issuer,
                birth_name=patient["birth_name"],
                first_names=patient["first_names"],
                born_on=date.fromisoformat(patient["born_on"]),
                sex=patient["sex"],
            ),
            taken_at=datetime.now().astimezone(),
            teeth=(11,),
            seed=seed,
        )
        return uid(seed, "instance"), path.read_bytes()


def write_for(stations: list[Station], seconds: float) -> None:
    """Let the stations write for a while."""
    time.sleep(seconds)
    assert any(one.is_alive() for one in stations)
