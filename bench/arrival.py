"""From dcmtk's storescu to the eye: how long until a picture shows on the open record.

The clock starts before storescu is launched (its own start counts) and stops when Chromium, with
the record open, has painted the thumbnail. Nothing is reloaded.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench import server
from quenotte.devices.dicom import synthetic
from tests.support import browsers, small_practice
from tests.support.programs import program

GOALS = {"arrival_p95_ms": 1000.0}
PICTURES = 30
_SEEN = "[...document.querySelectorAll('[data-picture]')].map((e) => e.dataset.picture)"
_NEW = """(seen) => [...document.querySelectorAll('[data-picture]')].some((e) => {
  const image = e.querySelector('img');
  return !seen.includes(e.dataset.picture) && image && image.complete && image.naturalWidth > 0;
})"""


def _radiographs(folder: Path, sample: dict[str, Any]) -> list[Path]:
    patient = sample["patients"][0]
    subject = synthetic.SyntheticPatient(
        file_number=patient["file_number"],
        issuer=sample["issuer"],
        birth_name=patient["birth_name"],
        first_names=patient["first_name"],
        born_on=date.fromisoformat(patient["born_on"]),
        sex=patient["sex"],
    )
    paths = []
    for number in range(PICTURES + 1):
        path = folder / f"{number}.dcm"
        synthetic.write_radiograph(
            path,
            pixels=synthetic.intraoral(number, teeth=(36, 37)),
            bits=12,
            patient=subject,
            taken_at=datetime.now().astimezone(),
            teeth=(36, 37),
            seed=10_000 + number,
            modality="IO",
        )
        paths.append(path)
    return paths


def _log_in(page: Page, base: str, sample: dict[str, Any]) -> None:
    page.goto(base + server.LOGIN)
    page.fill("input[name=login]", "alice")
    page.fill("input[name=password]", sample["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(base + "/")


def _arrival_ms(page: Page, path: Path, dicom_port: int) -> float:
    seen = page.evaluate(_SEEN)
    start = time.perf_counter()
    subprocess.run([program("storescu"), "127.0.0.1", str(dicom_port), str(path)], check=True)
    page.wait_for_function(_NEW, arg=seen, polling="raf", timeout=20_000)
    return (time.perf_counter() - start) * 1000


def run(folder: Path) -> dict[str, float]:
    """Return the median and the 95th percentile in ms over ``PICTURES`` pictures."""
    data = folder / "data"
    sample = small_practice.make(data)
    paths = _radiographs(folder, sample)
    port, dicom_port = server.free_port(), server.free_port()
    base = f"http://127.0.0.1:{port}"
    command = ["serve", "--port", str(port), "--dicom-port", str(dicom_port)]
    env = server.environment(data)
    with (
        server.running(command, url=base + server.LOGIN, env=env),
        browsers.chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        _log_in(page, base, sample)
        page.goto(f"{base}/patients/{sample['patients'][0]['id']}/")
        time.sleep(2)  # the stream of events opens after the page
        _arrival_ms(page, paths[0], dicom_port)
        times = [_arrival_ms(page, path, dicom_port) for path in paths[1:]]
    return {
        "arrival_p50_ms": round(statistics.median(times), 1),
        "arrival_p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
    }


def main() -> None:
    """Measure and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="quenotte-bench-"))
    try:
        figures = run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"bench": "arrival", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
