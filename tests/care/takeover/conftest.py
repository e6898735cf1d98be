"""Files of another program, and an import taken as far as a test wants."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.care.takeover import jobs, operations, rules
from quenotte.care.takeover.models import Import
from quenotte.config import data_folder
from tests.care.people import actor as actor_of

PATIENTS = (
    "N° dossier;Nom;Prénom;Né(e) le;Civilité;Portable;Email;CP;Ville\n"
    "101;DURAND;Marie;03/04/1985;Mme;06 39 98 00 01;marie@courriel.example;44000;Nantes\n"
    "102;LE GALL;Hélène;12/11/1972;Mme;06 39 98 00 02;;44100;Nantes\n"
    "103;Petit;Paul;31/02/1990;M.;06 39 98 00 03;;44200;Nantes\n"
    "104;;Anonyme;01/01/1980;M.;;;;\n"
    "105;Moreau;Zoé;7/8/2015;F;bonjour;zoe@;4400;Rezé\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The data folder, empty."""
    path = data_folder.prepare(tmp_path / "data")
    settings.DATA_DIR = path
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": path / "blobs"},
        },
    }
    return path


@pytest.fixture
def actor(alice: Person) -> Actor:
    """Dr Alice, who owns the practice."""
    return actor_of(alice)


def upload_of(content: str | bytes, name: str = "patients.csv") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return SimpleUploadedFile(name, raw)


def workbook_of(rows: list[list[Any]]) -> bytes:
    """Return the bytes of an Excel workbook."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


Take = Callable[..., Import]


@pytest.fixture
def received(actor: Actor) -> Take:
    """Return a function that receives a file."""

    def take(content: str | bytes = PATIENTS, kind: str = "patients") -> Import:
        return operations.receive(actor=actor, kind=kind, upload=upload_of(content))

    return take


@pytest.fixture
def checked(actor: Actor, received: Take, alice: Person) -> Take:
    """Return a function that receives a file and checks it, columns as proposed."""

    def take(content: str | bytes = PATIENTS, kind: str = "patients") -> Import:
        source = received(content, kind)
        operations.start_check(
            actor=actor,
            import_id=source.id,
            chosen=source.columns,
            options=rules.Options(practitioner_id=str(alice.id)),
        )
        jobs.check(import_id=str(source.id), person_id=str(alice.id))
        source.refresh_from_db()
        return source

    return take


@pytest.fixture
def written(actor: Actor, checked: Take, alice: Person) -> Take:
    """Return a function that brings a file into the records; look-alikes are linked."""

    def take(
        content: str | bytes = PATIENTS, kind: str = "patients", decision: str = "link"
    ) -> Import:
        source = checked(content, kind)
        operations.decide(actor=actor, import_id=source.id, decision=decision)
        operations.start_writing(actor=actor, import_id=source.id)
        jobs.write(import_id=str(source.id), person_id=str(alice.id))
        source.refresh_from_db()
        return source

    return take


@pytest.fixture
def undone(actor: Actor, alice: Person) -> Take:
    """Return a function that takes an import back."""

    def take(source: Import) -> Import:
        operations.start_undo(actor=actor, import_id=source.id)
        jobs.undo(import_id=str(source.id), person_id=str(alice.id))
        source.refresh_from_db()
        return source

    return take
