"""A practice tells its provider how its copies stand: two sites, two databases, HTTPS between.

What crosses is read byte by byte: it holds nothing of the patients.
"""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import fingerprint, issue, make_authority
from quenotte.upkeep.pulse import operations, queries
from tests import factories
from tests.support.client_certificates import Authority
from tests.support.sites import Site

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]

#: In the names of the patients, of the places of the copies and of what a person wrote.
CANARY = "Lerouge-Canari"
_ORDER = """
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
_ACCEPT_AND_LOOK = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.traces.operations import note_opening
tom, machine = Person.objects.get(), Machine.objects.get()
actor = Actor(tom.id, "Tom Lescure", tom.practice_id, "", "web", tom.roles)
enrolment.accept(machine_id=machine.id, actor=actor, speaks_for_practice=True)
for what in ("fleet", "machine"):
    note_opening(actor=actor, customer_id=machine.customer_id, what=what)
"""
_KNOWN = """
import json
from django.utils import timezone
from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import Finding, Inventory
operations.judge_due(now=timezone.now())
print(json.dumps({"facts": Inventory.objects.get().facts,
    "rules": dict(Finding.objects.filter(machine=None).values_list("rule", "state"))}))
"""


class Relay:
    """TLS on loopback before a door that has none; it keeps every byte, as it was in clear.

    ``clients``: the authority without whose certificate nobody comes in, told to the door.
    """

    def __init__(self, folder: Path, port: int, clients: Path | None = None) -> None:
        now = datetime.now().astimezone()
        authority = make_authority("prestataire.local", now)
        pair = issue(authority, ["prestataire.local"], ["127.0.0.1"], now)
        pairs.write(folder / "server.pem", pair)
        self.fingerprint = fingerprint(pair.certificate)
        self.crossed = bytearray()
        self._to = port
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        self._context, self._is_asking = context, clients is not None
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=30)

    def _serve(self) -> None:
        while True:
            try:
                line, _peer = self._listener.accept()
            except OSError:
                return
            with line:
                self._meet(line)

    def _meet(self, line: socket.socket) -> None:
        try:
            near = self._context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
            with near, socket.create_connection(("127.0.0.1", self._to)) as far:
                _shake_hands(near)
                far.sendall(self._vouched(near, self._heard(_message(near))))
                near.sendall(self._heard(_message(far)))
        except OSError:
            return

    def _heard(self, told: bytes) -> bytes:
        self.crossed += told
        return told

    def _vouched(self, near: ssl.SSLSocket, told: bytes) -> bytes:
        """Return a request with what TLS says of its client."""
        if not self._is_asking:
            return told
        shown = sha256(near.getpeercert(binary_form=True) or b"").hexdigest()
        head, gap, body = told.partition(b"\r\n\r\n")
        return head + b"\r\nx-client-certificate: " + shown.encode() + gap + body


def _shake_hands(near: ssl.SSLSocket) -> None:
    """Greet a client; who is turned away hears why, as servers let them, before the line ends."""
    try:
        near.do_handshake()
    except ssl.SSLError:
        near.settimeout(5)
        near.shutdown(socket.SHUT_WR)
        while near.recv(65_536):
            pass
        raise


def _message(line: socket.socket) -> bytes:
    """Return one message of HTTP/1.1 with its body."""
    told = b""
    while b"\r\n\r\n" not in told:
        part = line.recv(65_536)
        if not part:
            raise OSError("hung up")
        told += part
    head, _, body = told.partition(b"\r\n\r\n")
    names = dict(one.lower().split(b": ", 1) for one in head.split(b"\r\n")[1:])
    while len(body) < int(names.get(b"content-length", 0)):
        part = line.recv(65_536)
        told, body = told + part, body + part
    return told


@pytest.fixture
def provider(tmp_path: Path) -> Site:
    """A provider's site."""
    made = Site(tmp_path / "prestataire", "provider")
    made.run("-m", "quenotte.config.processes.preparing")
    return made


@pytest.fixture
def relay(provider: Site, tmp_path: Path) -> Iterator[Relay]:
    """TLS before its door."""
    made = Relay(tmp_path, provider.port)
    yield made
    made.close()


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "", "web", alice.roles)


@pytest.fixture
def copied(practice: Any) -> None:
    """A practice with patients, and copies; the canary is in every name of theirs."""
    for _each in range(5):
        factories.PatientFactory.create(practice=practice, birth_name=CANARY, used_name=CANARY)
    place = factories.DestinationFactory.create(place=f"/mnt/{CANARY}", label=CANARY)
    factories.CopyFactory.create(destination=place, summary={"files": [CANARY]})
    factories.ProofFactory.create(destination=place)


def test_copies_are_told_and_openings_come_back_and_no_patient_crosses(
    provider: Site, relay: Relay, actor: Actor, copied: None
) -> None:
    token = provider.script(_ORDER)
    with provider.serving("agents"):
        made = operations.pair(
            practice_id=actor.own_practice_id,
            address=relay.address,
            token=token,
            fingerprint=relay.fingerprint,
            actor=actor,
        )
        assert operations.tell(made)
        made.refresh_from_db()
        assert made.answer == "unknown_node"
        provider.script(_ACCEPT_AND_LOOK)
        assert operations.tell_all() == 1
    made.refresh_from_db()
    assert made.answer == "accepted"
    assert [(one.who, one.what) for one in queries.openings(actor.own_practice_id)] == [
        ("Tom Lescure", "machine"),
        ("Tom Lescure", "fleet"),
    ]
    known = json.loads(provider.script(_KNOWN))
    assert known["facts"]["backup.proven_at"]["value"]
    assert known["rules"]["backup_proven"] == "ok"
    assert known["rules"]["backup_offline"] == "bad"
    assert b'"kind":"pulse"' in relay.crossed
    assert b'"kind":"openings"' in relay.crossed
    words = bytes(relay.crossed).decode("utf-8").casefold()
    assert not [one for one in ("lerouge", "canari", "/mnt", "quenottes") if one in words]


def test_provider_that_is_away_hears_it_later_and_stops_nobody(
    provider: Site, relay: Relay, actor: Actor, copied: None
) -> None:
    token = provider.script(_ORDER)
    with provider.serving("agents"):
        made = operations.pair(
            practice_id=actor.own_practice_id,
            address=relay.address,
            token=token,
            fingerprint=relay.fingerprint,
            actor=actor,
        )
    assert not operations.tell(made)
    made.refresh_from_db()
    assert (made.trouble, made.told) == ("no_answer", None)
    assert made.waiting is not None
    assert made.waiting["light"] == queries.current().light
    with provider.serving("agents"):
        assert operations.tell(made)
    made.refresh_from_db()
    assert (made.trouble, made.waiting) == ("", None)
    assert made.told_at is not None
    assert made.told_at <= timezone.now()


def test_nothing_is_said_to_a_server_that_cannot_prove_who_it_is(
    provider: Site, relay: Relay, actor: Actor
) -> None:
    token = provider.script(_ORDER)
    for wrong in ("", "0" * 64):
        with provider.serving("agents"), pytest.raises(operations.ProviderNotBelieved):
            operations.pair(
                practice_id=actor.own_practice_id,
                address=relay.address,
                token=token,
                fingerprint=wrong,
                actor=actor,
            )
    assert token.encode() not in relay.crossed
    assert b"machine.name" not in relay.crossed


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Who signs the certificates of machines and servers for the provider."""
    return Authority(tmp_path)


@pytest.fixture
def asking(provider: Site, authority: Authority, tmp_path: Path) -> Iterator[Relay]:
    """TLS that asks for a certificate, before a door that wants to be told which one it was."""
    provider.environment["QUENOTTE_AGENTS_CLIENT_CERTIFICATES"] = "1"
    made = Relay(tmp_path, provider.port, authority.path)
    yield made
    made.close()


def test_server_shows_its_certificate_where_the_provider_asks_for_one(
    provider: Site, asking: Relay, authority: Authority, actor: Actor, copied: None, settings: Any
) -> None:
    token = provider.script(_ORDER)
    given = {"address": asking.address, "token": token, "fingerprint": asking.fingerprint}

    def paired() -> Any:
        return operations.pair(practice_id=actor.own_practice_id, actor=actor, **given)

    with provider.serving("agents"):
        with pytest.raises(operations.ProviderWantsCertificate):
            paired()
        assert token.encode() not in asking.crossed
        certificate, key = authority.sign("serveur")
        settings.PULSE_CLIENT_CERTIFICATE, settings.PULSE_CLIENT_KEY = str(certificate), str(key)
        made = paired()
        provider.script(_ACCEPT_AND_LOOK)
        assert operations.tell(made)
        made.refresh_from_db()
        assert (made.answer, made.trouble) == ("accepted", "")

        # The key is bound to it: with one of the same authority it is nobody's.
        other = authority.sign("voisin")
        settings.PULSE_CLIENT_CERTIFICATE, settings.PULSE_CLIENT_KEY = map(str, other)
        assert operations.tell(made)
        made.refresh_from_db()
        assert made.answer == "unknown_node"

        # Without one, and with files that went away.
        settings.PULSE_CLIENT_CERTIFICATE = ""
        assert not operations.tell(made)
        made.refresh_from_db()
        assert made.trouble == "ours"
        settings.PULSE_CLIENT_CERTIFICATE = str(certificate.with_name("parti.crt"))
        assert not operations.tell(made)
        made.refresh_from_db()
        assert made.trouble == "our_files"
    assert b"PRIVATE KEY" not in asking.crossed
