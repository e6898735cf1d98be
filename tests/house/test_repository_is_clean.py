"""What must never be committed: download addresses, folders of one machine, heavy files."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 1_500_000

#: Written in two halves, so that this file does not accuse itself.
_REGISTRIES = tuple(
    host.replace("|", "")
    for host in (
        "pypi|.org",
        "pythonhosted|.org",
        "registry.npmjs|.org",
        "registry.yarnpkg|.com",
        "npmmirror|.com",
        "unpkg|.com",
        "jsdelivr|.net",
        "cdnjs|.cloudflare.com",
    )
)
_MACHINE_FOLDERS = re.compile(r"(?<![\w.~/-])/(?:work|home|root|Users)/\w")
_DOWNLOAD = re.compile(r"https?://\S+\.(?:whl|tgz|tar\.gz|zip)\b")


def tracked() -> list[Path]:
    """Return the files that git knows, or every file where there is no repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each tracked text file."""
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield str(path.relative_to(ROOT)), content.decode("utf-8", errors="replace")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_registry_is_named_anywhere() -> None:
    assert not _lines_with(re.compile("|".join(re.escape(host) for host in _REGISTRIES)))


def test_no_download_address_anywhere() -> None:
    assert not _lines_with(_DOWNLOAD)


def test_no_folder_of_one_machine_anywhere() -> None:
    assert not _lines_with(_MACHINE_FOLDERS)


def test_npm_lock_holds_digests_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


@pytest.mark.parametrize("name", ["runtime", "dev", "build", "node"])
def test_python_lock_pins_and_hashes_everything(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = [entry for entry in re.split(r"\n(?! )", text.strip()) if entry]
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "--index-url" not in text


def _pins(name: str) -> dict[str, set[str]]:
    """Return each package's versions; a lock may pin one per version of Python."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", text, re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", ["runtime", "build", "node"])
def test_lock_agrees_with_the_one_of_development(name: str) -> None:
    everything = _pins("dev")
    pins = _pins(name)
    assert pins == {package: everything.get(package) for package in pins}


def test_no_heavy_file_is_tracked() -> None:
    heavy = [path for path in tracked() if path.stat().st_size > MAX_BYTES]
    assert [str(path.relative_to(ROOT)) for path in heavy] == []


def test_nothing_built_is_tracked() -> None:
    built = re.compile(r"(^|/)(node_modules|built|__pycache__|\.venv)/|\.(mo|pyc|sqlite3)$")
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert [name for name in names if built.search(name)] == []


def test_every_runtime_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    explained = (ROOT / "requirements" / "README.md").read_text("utf-8")
    names = [re.split(r"[\[<>=,~! ]", one)[0] for one in project["dependencies"]]
    assert [name for name in names if f"\n| {name} " not in explained] == []
