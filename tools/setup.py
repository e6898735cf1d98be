"""Set a clone up: ``python3 -m tools.setup run`` (or ``dev``, ``test``). Standard library only.

``run`` installs what the software needs; ``dev`` adds what checks need, and ``test`` the Debian
packages of the tests too. Each step is done once: stamps in ``.setup`` remember the lock files
that it was done with.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import catalogues, debian, islands, nodes
from tools.steps import StepFailed, Steps, Words, digest

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
SCRIPTS = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / "python"
LOCKS = ROOT / "requirements"

_NO_NETWORK = (
    "Le téléchargement n'a pas abouti. Rien n'est abîmé : vérifiez la connexion à Internet, "
    "puis relancez la même commande."
)


def check_python() -> None:
    """Refuse a Python that is too old.

    Raises: StepFailed telling which one is needed.
    """
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return
    newer = next((name for name in _newer_pythons() if shutil.which(name)), None)
    hint = f"Essayez : make PYTHON={newer} …" if newer else "Installez python3.11 ou plus récent."
    told = ".".join(str(part) for part in sys.version_info[:3])
    raise StepFailed(f"Python {told} est trop ancien : il faut au moins Python 3.11. {hint}")


def ensure_venv(steps: Steps) -> None:
    """Make the virtual environment when it is absent or of another Python.

    Raises: StepFailed when the machine cannot make one.
    """
    key = f"{sys.version} {ROOT}"
    if steps.is_current("venv", key) and PYTHON.exists():
        return
    if PYTHON.exists() and _works():
        steps.mark("venv", key)
        return
    steps.forget("venv", "installer", "python", "project")
    _ensure_ensurepip(steps)
    advice = "Supprimez le dossier .venv, puis relancez la commande."
    words: Words = [sys.executable, "-m", "venv", "--clear", ROOT / ".venv"]
    title = "Environnement Python (.venv)"
    steps.run(title, lambda: steps.command(words, advice=advice, log="venv"))
    steps.mark("venv", key)


def ensure_python_packages(steps: Steps, level: str) -> None:
    """Install exactly what the locks name, then the project itself in place.

    Raises: StepFailed when a download fails twice.
    """
    build = LOCKS / "build.txt"
    key = digest([build])
    uv = SCRIPTS / "uv"
    words: Words
    if not steps.is_current("installer", key) or not uv.exists():
        words = [PYTHON, "-m", "pip", "install", "--no-compile", "--require-hashes", "-r", build]
        steps.run(
            "Outils d'installation (uv, hatchling)",
            lambda: steps.command(words, words, advice=_NO_NETWORK, log="installer"),
        )
        steps.mark("installer", key)
    locks = _locks(level)
    key = digest(locks, *(path.name for path in locks))
    if not steps.is_current("python", key):
        steps.forget("python", "project")
        steps.run("Bibliothèques Python", lambda: _install(steps, locks))
        steps.mark("python", key)
    key = digest([ROOT / "pyproject.toml", ROOT / "quenotte" / "__init__.py"])
    if not steps.is_current("project", key) or not (SCRIPTS / "quenotte").exists():
        words = [uv, "pip", "install", "--python", PYTHON, "--editable", ROOT]
        words = [*words, "--no-deps", "--no-build-isolation"]
        advice = "Relancez la commande ; si l'échec se répète, supprimez .venv et .setup."
        title = "Quenotte dans son environnement"
        steps.run(title, lambda: steps.command(words, advice=advice, log="project"))
        steps.mark("project", key)


#: Large libraries that neither the product nor most tests import.
_RARELY_READ = (
    "cfnlint", "graphql", "moto", "mpmath", "mypy", "mypyc", "networkx", "pip", "setuptools",
    "sympy",
)  # fmt: skip


def ensure_compiled(steps: Steps, level: str) -> None:
    """Compile what Python would compile at each start, where it may not write that down itself.

    Each of our processes starts two seconds sooner; libraries are compiled once, our own code
    whenever it changed. A library may carry a file that no Python reads: that is no failure.
    What a single test or a check imports is half of all there is, and left alone.
    """
    key = digest(_locks(level))
    libraries = next((ROOT / ".venv").glob("[Ll]ib*/**/site-packages"), None)
    words: Words = [PYTHON, "-m", "compileall", "-q", "-j", "0"]
    if libraries and not steps.is_current("compiled", key):
        unread = ["-x", rf"site-packages[\\/]({'|'.join(_RARELY_READ)})[\\/]"]
        steps.run("Compilation des bibliothèques", lambda: _quietly([*words, *unread, libraries]))
        steps.mark("compiled", key)
    _quietly([*words, *(ROOT / name for name in ("quenotte", "tools"))])


def ensure_islands(steps: Steps, level: str) -> None:
    """Build the browser part when its sources have changed.

    Raises: StepFailed when npm or Vite fails.
    """
    key = islands.fingerprint(ROOT)
    is_built = steps.is_current("islands", key) and islands.is_built(ROOT)
    if level == "run" and is_built:
        return
    packages = digest([ROOT / "package-lock.json"])
    has_packages = (ROOT / "node_modules").is_dir() and (
        steps.is_current("npm", packages)
        or (level == "run" and steps.is_current("npm-run", packages))
    )
    node = None if is_built and has_packages else _node()
    if node and not has_packages:
        _install_npm_packages(steps, node, level, packages)
    if node and not is_built:
        words = islands.build_command(node)
        advice = "La construction de la partie navigateur a échoué : voir les lignes ci-dessus."
        steps.run(
            "Partie navigateur (Vite)",
            lambda: steps.command(words, advice=advice, log="islands", env=node.environment()),
        )
        steps.mark("islands", key)


def ensure_catalogues(steps: Steps) -> None:
    """Compile the translations that have changed.

    Raises: StepFailed when a catalogue cannot be read.
    """
    if not any(catalogues.stale(ROOT)):
        return
    words: Words = [PYTHON, "-m", "tools.catalogues", ROOT]
    advice = "Un catalogue de traduction (.po) est illisible : voir les lignes ci-dessus."
    steps.run("Traductions", lambda: steps.command(words, advice=advice, log="catalogues"))


def main(level: str) -> int:
    """Do every step that is needed for ``run`` or for ``dev``; return the exit code."""
    steps = Steps(ROOT)
    try:
        check_python()
        if level == "test":
            debian.ensure(steps, ROOT)
        ensure_venv(steps)
        ensure_python_packages(steps, level)
        ensure_compiled(steps, level)
        ensure_islands(steps, level)
        ensure_catalogues(steps)
    except StepFailed as error:
        print(f"\nL'installation s'est arrêtée.\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInstallation interrompue ; relancez la commande pour la reprendre.")
        return 130
    steps.finish()
    return 0


def _quietly(words: Words) -> None:
    subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, check=False)


def _node() -> nodes.Node:
    node = nodes.find(ROOT)
    if node is None:
        raise StepFailed("Node.js est introuvable : supprimez .setup, puis relancez la commande.")
    return node


def _install_npm_packages(steps: Steps, node: nodes.Node, level: str, key: str) -> None:
    words = islands.install_command(node, tests_too=level != "run")
    steps.forget("npm", "npm-run")
    steps.run(
        "Bibliothèques de la partie navigateur",
        lambda: steps.command(words, words, advice=_NO_NETWORK, log="npm", env=node.environment()),
    )
    steps.mark("npm-run" if level == "run" else "npm", key)


def _newer_pythons() -> list[str]:
    return [f"python3.{minor}" for minor in range(20, OLDEST_PYTHON[1] - 1, -1)]


def _works() -> bool:
    told = subprocess.run(
        [str(PYTHON), "-c", "import pip, sys; print(sys.version)"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() == sys.version.strip()


def _ensure_ensurepip(steps: Steps) -> None:
    """Install Debian's python3-venv where Python came without it.

    Raises: StepFailed when it cannot be installed.
    """
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    choice = (name, "python3-venv")
    title = f"Paquet Debian {name}, absent de cette machine"
    steps.run(title, lambda: debian.install(steps, [choice]))


def _locks(level: str) -> list[Path]:
    """Return the locks to install; an environment made for tests stays one."""
    if level == "run" and not (SCRIPTS / "pytest").exists():
        names = ["runtime", "build"] if nodes.on_machine() else ["runtime", "build", "node"]
        return [LOCKS / f"{name}.txt" for name in names]
    return [LOCKS / "dev.txt"]


def _install(steps: Steps, locks: list[Path]) -> None:
    """Install from the locks with uv; where it fails (a mirror set for pip alone), with pip."""
    with_uv: Words = [SCRIPTS / "uv", "pip", "sync", "--python", PYTHON, "--require-hashes"]
    with_uv = [*with_uv, *locks]
    with_pip: Words = [PYTHON, "-m", "pip", "install", "--require-hashes"]
    with_pip = [*with_pip, *(word for path in locks for word in ("-r", path))]
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    steps.command(with_uv, with_pip, advice=_NO_NETWORK, log="python", env=env)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "dev"))
