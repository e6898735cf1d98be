"""The main job: a radiograph arrives by itself in the right patient's record."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from e2e import radiographs
from e2e.conftest import Site

PATIENT = 3


def _open(page: Page, site: Site, number: int = PATIENT) -> Page:
    page.goto(f"{site.base}/patients/{site.sample['patients'][number]['id']}/")
    # The stream of events opens just after the page.
    page.locator("body[data-live=up]").wait_for()
    return page


def _await_change(picture: Locator, before: bytes) -> None:
    """Wait until a picture looks different."""
    deadline = time.monotonic() + 30
    while picture.screenshot() == before:
        assert time.monotonic() < deadline, "it still looks the same"
        picture.page.wait_for_timeout(100)


def test_picture_appears_in_the_open_record_and_fills_the_screen(
    alice: Page, site: Site, tmp_path: Path
) -> None:
    """Two more things are seen on the way: no reload, and contrast under the mouse."""
    page = _open(alice, site)
    page.evaluate("document.body.dataset.untouched = 'yes'")
    before = page.locator("#strip [data-picture]").count()
    path = radiographs.draw(tmp_path, site.sample["patients"][PATIENT], site.sample["issuer"])
    radiographs.storescu(site.dicom_port, path)
    expect(page.locator("#strip [data-picture]")).to_have_count(before + 1)
    assert page.evaluate("document.body.dataset.untouched") == "yes"
    page.locator("#strip [data-picture]").first.click()
    viewer = page.locator("[data-island=viewer][data-ready=true], .viewer[data-ready=true]").first
    expect(viewer).to_be_visible()
    canvas = page.locator("canvas").first
    pale = canvas.screenshot()
    box = canvas.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y + 160, steps=6)
    page.mouse.up()
    _await_change(canvas, pale)
    page.keyboard.press("Escape")
    expect(page.locator(".record-banner")).to_be_visible()


def test_arrows_turn_the_pages_of_the_viewer(alice: Page, site: Site, tmp_path: Path) -> None:
    patient = site.sample["patients"][PATIENT + 1]
    paths = [radiographs.draw(tmp_path, patient, site.sample["issuer"]) for _ in range(2)]
    radiographs.storescu(site.dicom_port, *paths)
    page = _open(alice, site, PATIENT + 1)
    expect(page.locator("#strip [data-picture]")).to_have_count(2)
    page.locator("#strip [data-picture]").first.click()
    expect(page.locator("[data-ready=true] canvas").first).to_be_visible()
    first = page.locator("canvas").first.screenshot()
    page.keyboard.press("ArrowRight")
    _await_change(page.locator("canvas").first, first)


def test_every_picture_of_a_burst_is_drawn(alice: Page, site: Site, tmp_path: Path) -> None:
    """An event that falls into a redraw must not be lost."""
    patient = site.sample["patients"][PATIENT + 7]
    page = _open(alice, site, PATIENT + 7)
    for _ in range(6):
        path = radiographs.draw(tmp_path, patient, site.sample["issuer"])
        radiographs.storescu(site.dicom_port, path)
    expect(page.locator("#strip [data-picture] img")).to_have_count(6)


def test_two_open_records_hear_of_the_same_picture(
    log_in: Callable[..., Page], site: Site, tmp_path: Path
) -> None:
    number = PATIENT + 2
    dentist, assistant = (_open(log_in(who), site, number) for who in ("alice", "bob"))
    patient = site.sample["patients"][number]
    radiographs.storescu(
        site.dicom_port, radiographs.draw(tmp_path, patient, site.sample["issuer"])
    )
    for page in (dentist, assistant):
        expect(page.locator("#strip [data-picture]")).to_have_count(1)


def test_picture_of_a_wrong_birth_date_waits_in_the_tray(
    alice: Page, site: Site, tmp_path: Path
) -> None:
    number = PATIENT + 3
    patient = site.sample["patients"][number]
    page = _open(alice, site, number)
    path = radiographs.draw(tmp_path, patient, site.sample["issuer"], born_on="1901-01-01")
    radiographs.storescu(site.dicom_port, path)
    page.goto(site.base + "/images/")
    # Families share surnames: the file's own birth date names the row.
    row = page.locator("article.waiting", has_text="01/01/1901").first
    expect(row).to_contain_text("naissance")
    waiting = row.get_attribute("id")
    row.get_by_role("button", name="Ranger dans ce dossier").first.click()
    expect(page.locator(f"#{waiting}")).to_have_count(0)
    _open(page, site, number)
    expect(page.locator("#strip [data-picture]")).to_have_count(1)


def test_picture_of_an_unknown_device_waits_until_it_is_recognised(
    alice: Page, site: Site, tmp_path: Path
) -> None:
    number = PATIENT + 4
    patient = site.sample["patients"][number]
    first, second = (radiographs.draw(tmp_path, patient, site.sample["issuer"]) for _ in range(2))
    radiographs.storescu(site.dicom_port, first, title="INCONNU")
    alice.goto(site.base + "/images/")
    expect(alice.locator("main")).to_contain_text("INCONNU")
    alice.goto(site.base + "/cabinet/appareils/")
    row = alice.locator("form.card", has_text="INCONNU").first
    row.locator("input[name$=is_recognised]").check()
    row.get_by_role("button", name="Enregistrer").click()
    expect(alice.locator("form.card", has_text="INCONNU").first).to_contain_text("Reconnu")
    _open(alice, site, number)
    radiographs.storescu(site.dicom_port, second, title="INCONNU")
    expect(alice.locator("#strip [data-picture]")).not_to_have_count(0)


def test_dropped_photograph_joins_the_record(alice: Page, site: Site, tmp_path: Path) -> None:
    from PIL import Image

    photo = tmp_path / "sourire.jpg"
    Image.linear_gradient("L").convert("RGB").save(photo)
    page = _open(alice, site, PATIENT + 5)
    page.locator("#strip input[type=file]").set_input_files(photo)
    expect(page.locator("#strip [data-picture]")).to_have_count(1)


@pytest.mark.parametrize("name", ["facture.jpg", "texte.dcm"])
def test_dropped_file_that_is_no_picture_is_refused_in_words(
    alice: Page, site: Site, tmp_path: Path, name: str
) -> None:
    wrong = tmp_path / name
    wrong.write_text("ceci n’est pas une image")
    page = _open(alice, site, PATIENT + 6)
    page.locator("#strip input[type=file]").set_input_files(wrong)
    expect(page.locator("#strip")).to_contain_text(name)
    expect(page.locator("#strip [data-picture]")).to_have_count(0)


def _drop(page: Page, *paths: Path) -> None:
    """Let files fall on the card of the pictures, as a hand would."""
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'),"
        " {type: 'file', multiple: true, id: 'hand'}))"
    )
    page.locator("#hand").set_input_files(list(paths))
    page.evaluate(
        """() => {
            const hand = document.getElementById('hand');
            const dataTransfer = new DataTransfer();
            for (const file of hand.files) dataTransfer.items.add(file);
            hand.remove();
            const options = {dataTransfer, bubbles: true, cancelable: true};
            document.getElementById('strip').dispatchEvent(new DragEvent('drop', options));
        }"""
    )


@pytest.mark.parametrize("page_knows_the_limit", [True, False])
def test_file_above_the_limit_is_refused_in_words_and_the_others_arrive(
    alice: Page, site: Site, tmp_path: Path, page_knows_the_limit: bool
) -> None:
    """The page refuses it at once; one that does not know the limit is cut by the server."""
    from PIL import Image

    volume, photo = tmp_path / "volume.dcm", tmp_path / "sourire.png"
    with volume.open("wb") as stream:
        stream.truncate(600_000_001)
    shade = 10 if page_knows_the_limit else 20
    Image.linear_gradient("L").rotate(shade).save(photo)
    page = _open(alice, site, PATIENT + 8)
    form = page.locator("#strip form[data-island=dropzone]")
    expect(form).to_have_attribute("data-max-bytes", "600000000")
    expect(form).to_have_attribute("data-ready", "true")
    before = page.locator("#strip [data-picture]").count()
    if not page_knows_the_limit:
        form.evaluate("form => form.removeAttribute('data-max-bytes')")
    sent: list[str] = []
    unsent: list[bool] = []

    def look(request: Request) -> None:
        sent.append(request.method)
        if request.method == "HEAD":
            unsent.append("x-upload-unsent" in request.headers)

    page.on("request", look)
    _drop(page, volume, photo)
    refused = page.locator(".dropzone-file[data-state=failed]")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("volume.dcm")
    expect(refused).to_contain_text("Fichier trop volumineux")
    expect(refused).to_contain_text("rien n’est perdu : le fichier reste où il était")
    expect(refused).to_contain_text("Exportez-le plus petit ou en plusieurs fichiers")
    expect(page.locator(".dropzone-file[data-state=done]")).to_contain_text("sourire.png")
    expect(page.locator("#strip [data-picture]")).to_have_count(before + 1)
    assert sent.count("POST") == (1 if page_knows_the_limit else 2)
    # What is not sent is told to the server all the same, for the journal.
    assert any(unsent) == page_knows_the_limit
