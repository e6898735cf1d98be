"""A vault with its own authority, made known on the page: compared, uploaded or pasted."""

import hashlib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.people.models import Person
from quenotte.config import data_folder
from quenotte.devices.paper.reading import text_of
from quenotte.devices.phoenix import opening
from quenotte.devices.recovery import commands
from quenotte.upkeep.backups.models import Destination
from tests.real.test_vault import Served
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine, pytest.mark.django_db]
Login = Callable[[Person], Client]
ADD = "/protection/sauvegardes/emplacements/nouveau/"


@pytest.fixture
def served(tmp_path: Path, settings: Any) -> Iterator[Served]:
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    served = Served(tmp_path)
    served.start("--tls", "coffre")
    yield served
    served.kill()


def asked(served: Served, **more: Any) -> dict[str, Any]:
    address = f"https://127.0.0.1:{served.port}/lilas"
    return {"kind": "coffre", "address": address, "step": "try"} | more


def fingerprint_of(served: Served) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(served.authority.read_text())).hexdigest()


def test_unknown_vault_is_told_as_such_then_compared(
    served: Served, alice: Person, client_of: Login, tmp_path: Path
) -> None:
    client, known = client_of(alice), fingerprint_of(served)
    unknown = client.post(ADD, asked(served))
    assertContains(unknown, "rien ne dit ici que son certificat est le bon", status_code=422)
    assertNotContains(unknown, "ne répond pas", status_code=422)
    assertContains(unknown, known.upper()[:4], status_code=422)
    assertContains(unknown, f'name="compared" value="{known}"', status_code=422)
    assert not Destination.objects.exists()

    assertContains(client.post(ADD, asked(served, compared=known)), f'value="{known}"')
    made = client.post(ADD, asked(served, fingerprint=known, step="make"))
    assertRedirects(made, "/protection/sauvegardes/")
    assert Destination.objects.get().fingerprint == known
    other = client.post(ADD, asked(served, fingerprint="ab" * 32))
    assertContains(other, "n’est pas celui de l’empreinte", status_code=422)
    assertNotContains(other, "compared", status_code=422)


def test_paper_names_the_authority_and_survives_a_new_certificate(
    served: Served, alice: Person, client_of: Login, tmp_path: Path
) -> None:
    client, known = client_of(alice), fingerprint_of(served)
    leaf = ssl.get_server_certificate(("127.0.0.1", served.port))
    named = hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf)).hexdigest()
    # Known by the certificate of this year, it is noted by what outlives it.
    client.post(ADD, asked(served, fingerprint=named, step="make"))
    assert Destination.objects.get().fingerprint == known
    said = text_of(client.post("/protection/sauvegardes/feuille/imprimer/", {"after": ""}).content)
    assert commands.shown_fingerprint(known) in "".join(said.split())

    served.kill()
    (served.store / "keys" / "server.pem").unlink()
    served.start("--tls", "coffre")
    assert ssl.get_server_certificate(("127.0.0.1", served.port)) != leaf
    fetch, show = commands.certificate(asked(served)["address"], is_handed_out=True)
    assert fetch in " ".join(said.split())
    for line in (fetch, show):
        program(line.split()[0])
        done = subprocess.run(
            line.split(), cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
        )
    assert done.stdout.strip().endswith(commands.shown_fingerprint(known))
    assert (tmp_path / commands.CERTIFICATE).read_bytes() == served.authority.read_bytes()
    from django.conf import settings

    repository, secret = opening.opened(
        asked(served)["address"], settings.BACKUP_KEY, fingerprint=commands.shown_fingerprint(known)
    )
    assert opening.again(secret, repository.id).snapshots() == []


@pytest.mark.parametrize("is_pasted", [True, False])
def test_authority_is_uploaded_or_pasted(
    served: Served, alice: Person, client_of: Login, is_pasted: bool
) -> None:
    client, pem = client_of(alice), served.authority.read_bytes()
    with_key = (served.store / "keys" / "authority.pem").read_bytes()
    given: dict[str, Any] = {"authority": with_key.decode()}
    if not is_pasted:
        given = {"authority_file": SimpleUploadedFile("coffre.pem", with_key)}
    tried = client.post(ADD, asked(served, **given))
    assertContains(tried, "Le lieu répond")
    assertContains(tried, pem.decode().splitlines()[1])
    assertNotContains(tried, "PRIVATE KEY")
    from django.conf import settings

    keys = Path(settings.DATA_DIR) / "keys"
    assert not [*keys.glob("vault-*.pem")]

    assertRedirects(
        client.post(ADD, asked(served, authority=pem.decode(), step="make")),
        "/protection/sauvegardes/",
    )
    (kept,) = keys.glob("vault-*.pem")
    assert b"PRIVATE" not in kept.read_bytes()
    said = text_of(client.post("/protection/sauvegardes/feuille/imprimer/", {"after": ""}).content)
    assert commands.shown_fingerprint(fingerprint_of(served)) in "".join(said.split())
    junk = client.post(ADD, asked(served, authority="bonjour"))
    assertContains(junk, "Ce n’est pas un certificat", status_code=422)
