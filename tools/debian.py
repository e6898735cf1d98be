"""Install what is missing of the Debian packages that the tests use."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.steps import StepFailed, Steps

#: What the tests start, by any of its names, where no `dpkg` tells what is installed.
_PROGRAMS = (
    ("storescu",),
    ("dciodvfy",),
    ("Orthanc",),
    ("fusioninventory-agent",),
    ("mt",),
    ("par2",),
    ("postgres",),
    ("rclone",),
    ("restic",),
    ("xorriso",),
    ("chromium-headless-shell", "chromium", "chromium-browser"),
)


def wanted(listing: str) -> Iterator[tuple[str, ...]]:
    """Yield, for each line of the list, the package and those that may stand in for it."""
    for line in listing.splitlines():
        names = line.partition("#")[0].strip()
        if names:
            yield tuple(name.strip() for name in names.split("|"))


def installed(names: set[str]) -> set[str]:
    """Return which of the packages are installed."""
    told = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *sorted(names)],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in told.stdout.splitlines())
    return {row[0] for row in rows if row[1:] == ["installed"]}


def missing(choices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the choices of which no package is installed."""
    there = installed({name for choice in choices for name in choice})
    return [choice for choice in choices if there.isdisjoint(choice)]


def install(steps: Steps, choices: list[tuple[str, ...]]) -> None:
    """Install one package of each choice with apt, through sudo when not root.

    Raises: StepFailed when the machine has no apt, when sudo is absent, or when apt fails.
    """
    first = " ".join(choice[0] for choice in choices)
    if shutil.which("apt-get") is None:
        raise StepFailed(
            "Cette machine n'est ni une Debian ni une Ubuntu : installez l'équivalent de "
            f"« {first} », puis relancez la commande."
        )
    advice = f"Installez-les à la main (apt-get install {first}), puis relancez la commande."
    prefix = _as_root(advice)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = [*prefix, "apt-get", "update", "-q"]
    steps.command(update, update, advice=advice, log="debian-update", env=env)
    names = [_available(choice) for choice in choices]
    words = [*prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", *names]
    steps.command(words, words, advice=advice, log="debian", env=env)


def ensure(steps: Steps, root: Path) -> None:
    """Install what ``requirements/debian.txt`` lists and the machine lacks.

    Raises: StepFailed as ``install`` does.
    """
    listing = (root / "requirements" / "debian.txt").read_text(encoding="utf-8")
    choices = list(wanted(listing))
    if shutil.which("dpkg-query"):
        choices = missing(choices)
    elif all(any(map(shutil.which, names)) for names in _PROGRAMS):
        return
    if choices:
        names = ", ".join(choice[0] for choice in choices)
        steps.run(f"Paquets Debian pour les tests : {names}", lambda: install(steps, choices))


def _as_root(advice: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise StepFailed(f"Il faut les droits d'administration, et sudo est absent. {advice}")
    # Asked for here, on the terminal: the steps themselves run without a keyboard.
    if subprocess.run(["sudo", "-v"], check=False).returncode != 0:
        raise StepFailed(f"sudo n'a pas donné les droits d'administration. {advice}")
    return ["sudo", "-n"]


def _available(choice: tuple[str, ...]) -> str:
    """Return the first package of a choice that this machine's sources offer."""
    for name in choice:
        told = subprocess.run(
            ["apt-cache", "policy", name], capture_output=True, text=True, check=False
        ).stdout
        if "Candidate:" in told and "Candidate: (none)" not in told:
            return name
    return choice[0]
