"""A provider's site in processes of its own: data folder, database, the real door of the agents."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.installations import free_port, wait_until

ORDER = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.provider.customers import operations as customers
from quenotte.provider.enrolment import operations as enrolment
house = Practice.objects.create(name="Dentaire Services", dicom_issuer="PRESTATAIRE")
tom = Person.objects.create_user("tom", "un-mot-de-passe-long", practice=house, first_name="Tom",
    last_name="Lescure", role="technicien")
actor = Actor(tom.id, "Tom Lescure", house.id, "", "web", tom.roles)
one = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
print(enrolment.make_token(customer_id=one.id, machines=1, actor=actor)[1])
"""
ACCEPT = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
tom = Person.objects.get()
machine = Machine.objects.get()
print(machine.standing, machine.agent)
enrolment.accept(machine_id=machine.id,
    actor=Actor(tom.id, "Tom Lescure", tom.practice_id, "", "web", tom.roles))
"""
KNOWN = """
import json
from django.utils import timezone
from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import Finding, Inventory
operations.judge_due(now=timezone.now())
facts = [one.facts for one in Inventory.objects.all()]
print(json.dumps({"facts": facts, "rules": list(Finding.objects.values_list("rule", "state"))}))
"""


class Site:
    """A provider's data folder, and its door."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder, self.database_url = folder, database_url
        self.port = free_port()
        self.environment = {
            **os.environ,
            "QUENOTTE_DATA": str(folder),
            "QUENOTTE_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.provider",
        }
        self.agent: Any = None
        self.url = ""

    def run(self, *words: str) -> str:
        """Run Python in the site; return what it printed last."""
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1]

    def script(self, text: str) -> str:
        """Run a script with Django set up."""
        return self.run("-c", f"import django; django.setup()\n{text}")

    @contextmanager
    def door(self) -> Iterator[int]:
        """Open the door of the agents; yield the id of its process."""
        words = ("-m", "quenotte.config.processes.agents", "127.0.0.1", str(self.port))
        door = subprocess.Popen([sys.executable, *words], env=self.environment)
        try:
            wait_until(lambda: _answers(self.port))
            yield door.pid
        finally:
            door.terminate()
            door.wait(timeout=30)


@contextmanager
def opened(folder: Path, **settings: str) -> Iterator[Site]:
    """Open a site, and close it."""
    made = Site(folder)
    made.environment |= settings
    made.run("-m", "quenotte.config.processes.preparing")
    with made.door():
        yield made


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
