"""Run every measurement one after another: ``python -m bench``.

Prints a table against the goals and writes ``bench/results.json``. A number that misses its goal
is told, never an error: timings depend on the machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"


def modules() -> Iterator[str]:
    """Yield the names of the modules that measure something: those that state goals."""
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "__main__" and "\nGOALS" in path.read_text("utf-8"):
            yield path.stem


def measure(name: str) -> dict[str, Any] | None:
    """Run one module and return the JSON object of its last line, or None when it failed."""
    words = [sys.executable, "-m", f"bench.{name}", "--json"]
    done = subprocess.run(words, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        return None
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def rows(name: str, result: dict[str, Any]) -> Iterator[str]:
    """Yield one line of the table for each number of a module's result."""
    goals, floors = result.get("goals", {}), result.get("floors", {})
    for key, value in result.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        limit, is_met = "", True
        if key in goals:
            limit, is_met = f"<= {goals[key]:,}", value <= goals[key]
        elif key in floors:
            limit, is_met = f">= {floors[key]:,}", value >= floors[key]
        verdict = ("met" if is_met else "MISSED") if limit else ""
        yield f"{name:<10} {key:<22} {value:>12,.2f}   {limit:<10} {verdict}"


def main() -> int:
    """Measure everything; return 1 when a module could not run at all."""
    results: dict[str, Any] = {}
    failed = []
    for name in modules():
        print(f"bench.{name} ...", file=sys.stderr, flush=True)
        result = measure(name)
        if result is None:
            failed.append(name)
        else:
            results[name] = result
    RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", "utf-8")
    for name, result in results.items():
        print("\n".join(rows(name, result)))
    for name in failed:
        print(f"{name:<10} did not run: python -m bench.{name} tells why")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
