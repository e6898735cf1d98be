"""The service worker of alerts in the real Chromium, where a push is delivered by its debugger."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Worker, sync_playwright

import quenotte
from tests.support.browsers import CHROMIUM

pytestmark = pytest.mark.real_clock
SCRIPT = Path(quenotte.__file__).parent / "provider" / "static" / "provider" / "push.js"
#: What a site of ours sends with each page and file.
POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"
#: The headless browser has no place for notifications: what would be shown is kept.
KEEP = """() => {
  self.shown = [];
  self.registration.showNotification = async (title, options) => {
    self.shown.push({ title, ...options });
  };
}"""


@pytest.fixture
def origin() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/static/provider/push.js"
            body = SCRIPT.read_bytes() if is_script else b"<!doctype html><title>x</title>"
            self.send_response(200)
            kind = "text/javascript" if is_script else "text/html"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(origin: str, tmp_path: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = context.new_page()
        page.goto(f"{origin}/")
        yield page
        context.close()


def registered(page: Page) -> Worker:
    with page.context.expect_event("serviceworker") as caught:
        page.evaluate("navigator.serviceWorker.register('/static/provider/push.js')")
    worker: Worker = caught.value
    page.evaluate("async () => { while (!(await navigator.serviceWorker.getRegistrations())[0]"
                  ".active) await new Promise((go) => setTimeout(go, 20)); }")  # fmt: skip
    worker.evaluate(KEEP)
    return worker


def deliver(page: Page, origin: str, data: str) -> None:
    debugger = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"])
    )
    debugger.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    debugger.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[0]["registrationId"], "data": data},
    )


def shown(worker: Worker) -> dict[str, Any]:
    worker.evaluate("async () => { for (let n = 0; n < 100 && !self.shown.length; n++)"
                    " await new Promise((go) => setTimeout(go, 20)); }")  # fmt: skip
    (one,) = worker.evaluate("self.shown.splice(0)")
    found: dict[str, Any] = one
    return found


def test_worker_shows_what_it_is_sent_and_leads_to_this_site_alone(page: Page, origin: str):
    worker = registered(page)
    told = {"title": "Cabinet des Lilas", "body": "Aucun antivirus", "tag": "t"}
    deliver(page, origin, json.dumps({**told, "url": "/parc/incidents/1/"}))
    assert shown(worker) == {
        **told,
        "renotify": True,
        "requireInteraction": True,
        "data": f"{origin}/parc/incidents/1/",
    }
    deliver(page, origin, json.dumps({**told, "url": "https://exemple.test/"}))
    assert shown(worker)["data"] == origin
    deliver(page, origin, "{}")
    assert shown(worker)["title"] == "Quenotte"
