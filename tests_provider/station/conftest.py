"""A provider behind TLS, and companions of machines."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests_provider.real.sites import ORDER, Site, opened
from tests_provider.station.fronts import Front

TOKEN = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
tom = Person.objects.get()
actor = Actor(tom.id, "Tom Lescure", tom.practice_id, "", "web", tom.roles)
for machine in Machine.objects.exclude(standing="revoked"):
    enrolment.revoke(machine_id=machine.id, actor=actor)
print(enrolment.make_token(customer_id=Customer.objects.get().id, machines=1, actor=actor)[1])
"""
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Desk:
    """A machine with the companion on it: commands run in processes of their own."""

    state: Path
    front: Front

    @contextlib.contextmanager
    def begin(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """Start a command; whatever happens to the test, it ends with it."""
        with self._started(*words) as child:
            try:
                yield child
            except BaseException:
                child.kill()
                raise

    def _started(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "quenotte.station", "--state", str(self.state), *words],
            cwd=_ROOT,
            env={**os.environ, "QUENOTTE_LANGUAGE": "fr"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, typed: str | None = None) -> tuple[int, str]:
        """Run a command to its end; return its code and what it said."""
        with self.begin(*words) as child:
            said, _ = child.communicate(typed, timeout=300)
        return child.returncode, said

    def enrol(self, token: str, url: str = "", *more: str) -> tuple[int, str]:
        """Enrol at the front, or at another address."""
        # On standard input, where no list of processes shows it.
        words = ("--server", url or self.front.url, "--token", "-")
        trust = ("--ca", str(self.front.authority))
        return self.run("enrol", *words, *trust, *more, typed=f"{token}\n")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose door is open, with one practice."""
    with opened(tmp_path_factory.mktemp("site") / "prestataire") as made:
        made.script(ORDER)
        yield made


@pytest.fixture
def front(site: Site, tmp_path: Path) -> Iterator[Front]:
    """TLS before its door."""
    made = Front(tmp_path, site.port)
    with made.open():
        yield made


@pytest.fixture
def desk(front: Front, tmp_path: Path) -> Desk:
    """A machine that nobody enrolled."""
    return Desk(tmp_path / "poste" / "station.json", front)


@pytest.fixture
def token(site: Site) -> str:
    """A token of the practice, whose earlier machines are gone."""
    return site.script(TOKEN)
