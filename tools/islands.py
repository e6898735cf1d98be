"""Build the TypeScript islands with Vite, when their sources have changed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.nodes import Node

BUILT = Path("quenotte/web/static/web/built")
_FOLDERS = (
    "islands",
    "quenotte/web/static/web/css",
    "quenotte/base/static/base",
    "quenotte/care/static/care",
    "quenotte/office/static/office",
    "quenotte/upkeep/static/upkeep",
)
_SOURCES = ("package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")


def sources(root: Path) -> Iterator[Path]:
    """Yield every file that the built islands depend on."""
    yield from (root / name for name in _SOURCES if (root / name).is_file())
    for folder in _FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file())


def fingerprint(root: Path) -> str:
    """Return a digest of the sources' names and contents."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_built(root: Path) -> bool:
    """Tell whether a complete build is there; the manifest is written last."""
    return (root / BUILT / "manifest.json").is_file()


def install_command(node: Node, *, tests_too: bool) -> list[str]:
    """Return the command that installs what ``package-lock.json`` names, and writes nothing.

    Not ``npm ci``: it refuses a lock that lacks the builds of one tool for other systems, which
    some mirrors do not have. Digests are verified all the same.
    """
    # No package of ours needs its install script, so none gets to run one.
    words = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    scope = [] if tests_too else ["--omit=dev"]
    return [_npm(node), *words, "--loglevel=error", *scope]


def build_command(node: Node) -> list[str]:
    """Return the command that builds the islands."""
    return [_npm(node), "run", "--silent", "build"]


def build(root: Path, node: Node) -> None:
    """Install the npm packages when they are absent, then build.

    Raises: subprocess.CalledProcessError when npm or Vite fails.
    """
    commands = [build_command(node)]
    if not (root / "node_modules" / ".package-lock.json").is_file():
        commands.insert(0, install_command(node, tests_too=False))
    for command in commands:
        subprocess.run(command, cwd=root, env=node.environment(), check=True)


def _npm(node: Node) -> str:
    return shutil.which("npm", path=str(node.folder)) or "npm"
