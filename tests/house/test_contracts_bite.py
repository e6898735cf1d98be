"""Each import contract refuses what it is there to refuse.

A small package tree is laid in a temporary folder under the real contracts, with each import that
must not be; each test expects its own named under the contract that refuses it.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["importlinter"]["contracts"]

_FILES = ("rules", "models", "queries", "access", "operations", "jobs", "forms", "views", "urls")
_ROOMS = (
    "base.audit base.people care.patients care.documents care.prescriptions care.chart "
    "care.imaging office.catalogue office.plans office.invoices exchange.messages "
    "upkeep.backups provider.fleet"
).split()
_OTHERS = (
    "__main__ config.cli kernel.money devices.dicom.listener station.posture wire.pulse web.panels"
)

#: An import that must not be: the contract that refuses it, who imports, what is imported.
BREACHES = [
    ("floors", "base.people.queries", "quenotte.care.patients.queries"),
    ("floors", "kernel.money", "quenotte.web.panels"),
    ("floors", "web.panels", "quenotte.devices.dicom.listener"),
    ("floors", "wire.pulse", "quenotte.devices.dicom.listener"),
    ("floors", "kernel.money", "quenotte.wire.pulse"),
    ("floors", "care.patients.queries", "quenotte.office.invoices.queries"),
    ("floors", "office.invoices.queries", "quenotte.exchange.messages.queries"),
    ("floors", "base.audit.operations", "quenotte.config.cli"),
    ("upkeep-stands-on-base", "base.audit.operations", "quenotte.upkeep.backups.operations"),
    ("station-stands-on-devices", "station.posture", "quenotte.base.people.rules"),
    ("nobody-imports-station", "care.imaging.operations", "quenotte.station.posture"),
    ("provider-knows-no-practice", "provider.fleet.queries", "quenotte.care.patients.queries"),
    ("practice-knows-no-provider", "upkeep.backups.operations", "quenotte.provider.fleet.rules"),
    ("upkeep-knows-files-only", "upkeep.backups.operations", "quenotte.care.patients.queries"),
    ("care-knows-no-upkeep", "care.imaging.operations", "quenotte.upkeep.backups.operations"),
    ("no-django-below", "devices.dicom.listener", "django.db"),
    ("no-django-below", "kernel.money", "django"),
    ("no-django-below", "wire.pulse", "django"),
    ("room-layers", "care.chart.models", "quenotte.care.chart.queries"),
    ("room-layers", "care.chart.rules", "quenotte.care.chart.models"),
    ("room-layers", "base.people.queries", "quenotte.base.people.access"),
    ("room-layers", "base.people.operations", "quenotte.base.people.jobs"),
    ("room-layers", "office.invoices.jobs", "quenotte.office.invoices.views"),
    ("cross-room", "care.chart.operations", "quenotte.care.patients.models"),
    ("cross-room", "care.chart.operations", "quenotte.base.people.jobs"),
    ("cross-room", "care.chart.views", "quenotte.care.patients.fields"),
    ("pages", "care.chart.operations", "quenotte.care.chart.forms"),
    ("pages", "config.cli", "quenotte.care.chart.views"),
    ("care-rooms", "care.imaging.operations", "quenotte.care.chart.operations"),
    ("care-rooms", "care.patients.operations", "quenotte.care.chart.operations"),
    ("care-rooms", "care.documents.operations", "quenotte.care.prescriptions.operations"),
    ("office-rooms", "office.catalogue.operations", "quenotte.office.plans.operations"),
]


def _write(folder: Path, module: str, text: str = "") -> None:
    path = folder.joinpath("quenotte", *module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for parent in path.parents:
        if parent == folder:
            break
        (parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _built(tmp_path: Path) -> Path:
    """Lay a tree with every app of the house, two rooms a time, and nothing forbidden in it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "contracts.py", tmp_path / "tools")
    for room in _ROOMS:
        for file in _FILES:
            _write(tmp_path, f"{room}.{file}")
    for module in _OTHERS.split():
        _write(tmp_path, module)
    _write(tmp_path, "care.chart.views", "from quenotte.care.chart import forms, operations\n")
    _write(tmp_path, "care.chart.panels", "from quenotte.care.patients import queries\n")
    _write(tmp_path, "care.apps", "from quenotte.care.chart import panels\n")
    return tmp_path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return _built(tmp_path)


def _printed(folder: Path) -> str:
    """Return what the linter says of a tree, its blanks made one."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    words = [sys.executable, "-c", program, "--no-cache"]
    env = {"COLUMNS": "400", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    printed = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    assert "Contracts:" in printed, done.stdout + done.stderr
    return re.sub(r"\s+", " ", printed)


def _broken(folder: Path) -> set[str]:
    """Return the names of the contracts that the tree breaks."""
    printed = _printed(folder)
    return {one["id"] for one in CONTRACTS if f"{one['name']} BROKEN" in printed}


@pytest.fixture(scope="module")
def told_of_all(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the linter says of a house with every breach at once."""
    house = _built(tmp_path_factory.mktemp("breaches"))
    for _contract, importer, imported in BREACHES:
        _write(house, importer, f"import {imported}\n")
    _write(house, "care.patients.fields")
    return _printed(house).partition(" Broken contracts ")[2]


def test_house_without_a_breach_keeps_every_contract(house: Path) -> None:
    assert _broken(house) == set()


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_contract_refuses(told_of_all: str, contract: str, importer: str, imported: str) -> None:
    """Each breach is named under its own contract: another one cannot answer for it."""
    name = next(one["name"] for one in CONTRACTS if one["id"] == contract)
    # A section lasts until the line under the next contract's name.
    said = re.split(r"-{5,}", told_of_all.partition(f"{name} -----")[2].lstrip("-"))[0]
    # What is not ours is told by its first name.
    shown = imported if imported.startswith("quenotte.") else imported.partition(".")[0]
    assert f"quenotte.{importer} -> {shown} " in said


def test_cycle_between_siblings_is_refused(house: Path) -> None:
    _write(house, "kernel.dates", "import quenotte.kernel.money\n")
    _write(house, "kernel.money", "import quenotte.kernel.dates\n")
    assert _broken(house) == {"no-cycles"}


def test_unlisted_package_is_refused(house: Path) -> None:
    _write(house, "helpers.things")
    assert _broken(house) == {"floors"}


def test_import_for_types_alone_is_allowed(house: Path) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}\n"
    _write(house, "care.chart.operations", text.format("quenotte.care.patients.models"))
    assert _broken(house) == set()


def test_form_reads_with_the_fields_of_another_room(house: Path) -> None:
    _write(house, "care.patients.fields")
    _write(house, "care.chart.forms", "import quenotte.care.patients.fields\n")
    assert _broken(house) == set()


def test_every_contract_is_broken_here_once() -> None:
    tried = {contract for contract, _, _ in BREACHES} | {"no-cycles"}
    assert {one["id"] for one in CONTRACTS} == tried


def test_no_contract_has_exceptions() -> None:
    assert [one["id"] for one in CONTRACTS if "ignore_imports" in one] == []
