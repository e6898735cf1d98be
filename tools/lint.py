"""Run every check, say which failed: ``python -m tools.lint``; ``--fix`` repairs what it can."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")
CODE = ("quenotte", "tests", "tests_provider", "e2e", "bench", "tools", "hatch_build.py")


#: What mypy says when a worker of its own took three seconds to start: the machine is busy.
_NO_WORKER = "Failed to establish connection with worker"


class Check(NamedTuple):
    """A check: the name to tell, and the command to run.

    ``slower``: the command that does the same alone, where mypy's workers did not start in time.
    """

    name: str
    words: list[str]
    slower: tuple[str, ...] = ()


def checks() -> Iterator[Check]:
    """Yield every check: the longest first, it runs beside all the others."""
    code = _existing(CODE)
    pages = templates()
    yield Check("mypy", ["mypy", "--num-workers", "2", *code], ("mypy", *code))
    yield Check("ruff check", ["ruff", "check", "--quiet", *code])
    yield Check("ruff format", ["ruff", "format", "--check", "--quiet", *code])
    yield Check("import contracts", ["lint-imports", "--no-cache"])
    yield Check("djade (templates)", ["djade", "--check", *pages])
    yield Check("djlint (templates)", ["djlint", "--lint", "--quiet", *_template_folders()])
    yield Check("biome (islands)", ["npm", "run", "--silent", "lint"])
    yield Check("tsc (islands)", ["npm", "run", "--silent", "types"])
    yield Check("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run"])


def repairs() -> Iterator[Check]:
    """Yield the commands that repair what can be repaired without thinking."""
    code = _existing(CODE)
    yield Check("ruff check --fix", ["ruff", "check", "--fix", *code])
    yield Check("ruff format", ["ruff", "format", *code])
    yield Check("djade (templates)", ["djade", *templates()])
    yield Check("biome (islands)", ["npm", "run", "--silent", "fix"])


def templates() -> list[str]:
    """Return the paths of all templates, relative to the root."""
    found = (path for folder in _template_folders() for path in (ROOT / folder).rglob("*.html"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def passes(check: Check, env: dict[str, str]) -> bool:
    """Run a check, show what it says when it fails, and tell whether it passed."""
    started_at = time.monotonic()
    done = _run(check.words, env)
    if check.slower and _NO_WORKER in done.stdout:
        done = _run(check.slower, env)
    word = "ok    " if done.returncode == 0 else "FAILED"
    said = f"{word} {check.name} ({time.monotonic() - started_at:.1f} s)\n"
    # In one piece: another check may speak at the same time.
    print(said + (f"{done.stdout}\n" if done.returncode else ""), end="", flush=True)
    return done.returncode == 0


def _run(words: Sequence[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def main(arguments: list[str]) -> int:
    """Run the checks, or the repairs with ``--fix``; return the exit code."""
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")]),
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.lint",
    }
    # Repairs write to the same files: one after the other.
    wanted, at_once = (repairs(), 1) if "--fix" in arguments else (checks(), 2)
    with ThreadPoolExecutor(at_once) as pool:
        judged = pool.map(lambda check: (check.name, passes(check, env)), wanted)
        failed = [name for name, has_passed in judged if not has_passed]
    if failed:
        print(f"lint: {len(failed)} failed: {', '.join(failed)}", flush=True)
        return 1
    print("lint: everything passed", flush=True)
    return 0


def _existing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if (ROOT / name).exists()]


def _template_folders() -> list[str]:
    found = (ROOT / "quenotte").glob("*/templates")
    return sorted(str(path.relative_to(ROOT)) for path in found)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
