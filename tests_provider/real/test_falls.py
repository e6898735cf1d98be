"""The door is killed, its database goes away, everybody comes at once: nothing answered is lost."""

import http.client
import json
import os
import re
import signal
import threading
import time
from contextlib import closing
from typing import Any

import pytest

from tests_provider.real.conftest import database_away
from tests_provider.real.sites import Site

pytestmark = pytest.mark.real_clock

_SPEAKERS = """
import json
from django.utils import timezone
from quenotte.config.fleet_demo import crowd, parc
from quenotte.wire.messages import write
from quenotte.wire.reports import Report
told = {}
for one in crowd.speakers():
    one.news = crowd.known(one)
    told[one.serial] = [parc.key_of(one.serial), write(Report(timezone.now(), one.news)).decode()]
print(json.dumps(told))
"""
_KEPT = """
import json
from quenotte.provider.fleet.models import Change, Inventory
rows = Inventory.objects.filter(source="station").select_related("machine")
free = {one.machine.serial: one.facts["disks"]["value"][0]["free_mib"] for one in rows}
changes = [
    [one.machine.serial, one.after[0]["free_mib"]]
    for one in Change.objects.filter(key="disks").order_by("at").select_related("machine")
]
print(json.dumps({"free": free, "changes": changes}))
"""
_FREE = re.compile(r'"free_mib":\d+')
#: A disk of another size is news of its history; room that moves is not.
_TOTAL = re.compile(r'"total_mib":\d+')


class Speaker:
    """A machine that has something new to say each time, and keeps it until it is taken."""

    def __init__(self, serial: str, key: str, report: str) -> None:
        self.serial, self.key, self.report = serial, key, report
        self.asked: list[int] = []
        self.kept: list[int] = []

    def say(self, port: int, free_mib: int) -> tuple[int, str]:
        """Say something; return the status, and when to come again."""
        if free_mib not in self.asked:
            self.asked.append(free_mib)
        body = _FREE.sub(f'"free_mib":{free_mib}', self.report)
        body = _TOTAL.sub(f'"total_mib":{4 * free_mib}', body)
        headers = {"Authorization": f"Bearer {self.key}"}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
            line.request("POST", "/agents/station/report", body.encode(), headers)
            answer = line.getresponse()
            told = answer.read()
        assert answer.status in {200, 503}, told
        if answer.status == 200 and b'"accepted"' in told:
            self.kept.append(free_mib)
        return answer.status, answer.getheader("Retry-After") or ""


def speakers(site: Site) -> list[Speaker]:
    told: dict[str, list[str]] = json.loads(site.script(_SPEAKERS))
    return [Speaker(serial, *said) for serial, said in told.items()]


def kept(site: Site) -> Any:
    return json.loads(site.script(_KEPT))


def test_what_was_answered_is_kept_when_the_door_is_killed(fleet: Site) -> None:
    crowd = speakers(fleet)
    assert len(crowd) > 5
    for number in range(3):
        stopped = threading.Event()
        lines = [
            threading.Thread(target=_say_on, args=(one, fleet.port, number, stopped))
            for one in crowd
        ]
        with fleet.door() as door:
            for line in lines:
                line.start()
            time.sleep(1.0 + number * 0.3)
            os.kill(door, signal.SIGKILL)
            stopped.set()
            for line in lines:
                line.join(30)
    found = kept(fleet)
    assert sum(len(one.kept) for one in crowd) > 50
    for one in crowd:
        last = one.asked.index(one.kept[-1])
        # What was asked and not answered may be there, what was answered must.
        assert found["free"][one.serial] in one.asked[last:]


def _say_on(one: Speaker, port: int, number: int, stopped: threading.Event) -> None:
    for turn in range(100_000):
        if stopped.is_set():
            return
        try:
            one.say(port, 10_000 + number * 100_000 + turn)
        except (OSError, http.client.HTTPException):
            return


def test_database_away_nothing_is_lost_and_nothing_is_doubled(fleet: Site) -> None:
    crowd = speakers(fleet)
    before = len(kept(fleet)["changes"])
    with fleet.door():
        for one in crowd:
            assert one.say(fleet.port, 11_000)[0] == 200
        with database_away(fleet):
            answers = _all_say(crowd, fleet.port, 12_000)
            assert {status for status, _again in answers} == {503}
            assert all(20 <= int(again) <= 120 for _status, again in answers)
            # They come again, and it is away still.
            assert {status for status, _again in _all_say(crowd, fleet.port, 12_000)} == {503}
        assert {status for status, _again in _all_say(crowd, fleet.port, 12_000)} == {200}
        assert {status for status, _again in _all_say(crowd, fleet.port, 12_000)} == {200}
    found = kept(fleet)
    assert set(found["free"].values()) >= {12_000}
    for one in crowd:
        told = [free for serial, free in found["changes"][before:] if serial == one.serial]
        assert told == [11_000, 12_000]


def _all_say(crowd: list[Speaker], port: int, free_mib: int) -> list[tuple[int, str]]:
    answers: list[tuple[int, str]] = []
    lines = [
        threading.Thread(target=lambda one=one: answers.append(one.say(port, free_mib)))
        for one in crowd
    ]
    for line in lines:
        line.start()
    for line in lines:
        line.join(60)
    assert len(answers) == len(crowd)
    return answers


def test_simulated_machines_speak_by_the_command(fleet: Site) -> None:
    words = ["-m", "quenotte", "provider", "simulate", "--data", str(fleet.folder)]
    words += ["--agents-port", str(fleet.port), "--every", "0", "--rounds", "2"]
    with fleet.door():
        # The first round told two reports; the second has nothing new.
        said = fleet.run(*words, "--antivirus-off", "2")
        assert re.fullmatch(r"Tour 2 en \d+ s : 10 entendues, 0 rapports, 0 refusées\.", said), said
    facts = fleet.script(
        "from quenotte.provider.fleet.models import Inventory\n"
        "print(sum(not row['is_active'] for one in Inventory.objects.filter(source='station')"
        " for row in one.facts['antivirus.products']['value']))"
    )
    assert int(facts) >= 2
