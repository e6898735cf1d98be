"""Files that would harm their reader harm a process of their own, and nobody else."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from quenotte.devices.paper import apart, joining, reading, typesetting

SHEET = {
    "title": "Bilan",
    "author": {"name": "Dr Alice Martin", "lines": []},
    "practice": {"name": "Cabinet", "lines": []},
}
#: A page a hundred thousand times higher than wide.
STEEP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 3 14400]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture(scope="module")
def pdf():
    return typesetting.typeset(
        "devices/paper/blank.typ", SHEET, made_at=datetime(2026, 1, 5, tzinfo=UTC)
    )


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


def _picture(kind="PNG", size=(40, 20), mode="RGB"):
    kept = BytesIO()
    Image.new(mode, size).save(kept, kind)
    return kept.getvalue()


def test_the_child_answers_what_a_file_holds_and_draws_it(file, pdf):
    path = file(pdf)
    facts = apart.facts_of(path)
    assert (facts.pages, "Bilan" in facts.text) == (1, True)
    with Image.open(BytesIO(apart.drawn(path, page=0, width_px=105))) as drawn:
        assert drawn.size == pytest.approx((105, 148), abs=1)


def test_the_child_says_why_it_cannot(file):
    with pytest.raises(apart.Unreadable) as error:
        apart.facts_of(file(b"%PDF-1.7 cut"))
    assert error.value.reason == "broken"


def test_a_child_that_hangs_is_stopped(file, pdf, monkeypatch):
    monkeypatch.setattr(apart, "LONGEST_S", 0.001)
    with pytest.raises(apart.Unreadable) as error:
        apart.facts_of(file(pdf))
    assert error.value.reason == "slow"


@pytest.mark.parametrize("content", [b"%PDF-1.7 cut", b"\x89PNG\r\n\x1a\n cut", _picture()[:60]])
@pytest.mark.parametrize("question", [("facts",), ("drawn", "0", "100")])
def test_what_is_cut_is_broken(file, content, question):
    name, *words = question
    with pytest.raises(apart.Unreadable):
        apart.answer_of(name, file(content), *words)


def test_a_page_is_never_drawn_beyond_measure(file):
    with Image.open(BytesIO(apart.answer_of("drawn", file(STEEP), "0", "100"))) as drawn:
        assert drawn.height <= 600


def test_a_page_that_is_not_there(file, pdf):
    with pytest.raises(apart.Unreadable):
        apart.answer_of("drawn", file(pdf), "4", "100")


def test_too_many_pages_or_pixels_are_refused(file, pdf, monkeypatch):
    monkeypatch.setattr(apart, "MOST_PAGES", 0)
    monkeypatch.setattr(apart, "MOST_PIXELS", 10)
    for content, reason in ((pdf, "long"), (_picture(), "large")):
        with pytest.raises(apart.Unreadable) as error:
            apart.answer_of("facts", file(content))
        assert error.value.reason == reason


def test_words_are_bounded(file, pdf, monkeypatch):
    monkeypatch.setattr(apart, "MOST_CHARACTERS", 5)
    assert len(apart._pdf_facts(file(pdf)).text) == 5


@pytest.mark.parametrize(
    "content",
    [_picture(), _picture("JPEG"), _picture(mode="CMYK", kind="JPEG"), _picture(mode="P")],
)
def test_a_picture_is_drawn_smaller(file, content):
    assert b'"pages": 1' in apart.answer_of("facts", file(content))
    with Image.open(BytesIO(apart.answer_of("drawn", file(content), "0", "10"))) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (10, 5))


MENTION = "ACCORD RETIRÉ LE 17/03/2026"


@pytest.mark.parametrize("pages", [1, 3])
def test_each_page_of_a_copy_bears_the_mention(file, pdf, pages):
    content = joining.joined([pdf] * pages)
    marked = apart.marked(file(content), MENTION)
    with reading.opened(marked) as document:
        words = [page.get_textpage().get_text_bounded() for page in document]
    assert [(text.count(MENTION), "Bilan" in text) for text in words] == [(2, True)] * pages
    # It is seen, at the top and across.
    with Image.open(BytesIO(reading.picture_of(marked, width_px=300))) as drawn:
        seen = {
            part: any(red > green + 40 for red, green, _blue in _pixels(drawn, part))
            for part in ((0, 0, 300, 40), (100, 180, 200, 260))
        }
    assert set(seen.values()) == {True}


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("JPEG", "L"), ("PNG", "P")])
def test_a_marked_picture_keeps_its_kind_and_size(file, kind, mode):
    content = _picture(kind, (300, 200), mode)
    with Image.open(BytesIO(apart.marked(file(content), MENTION))) as drawn:
        assert (drawn.format, drawn.size) == (kind, (300, 200))
        assert any(red > green + 40 for red, green, _blue in _pixels(drawn, (0, 0, 300, 30)))


@pytest.mark.parametrize("content", [b"%PDF-1.7 cut", b"\x89PNG\r\n\x1a\n cut"])
def test_what_cannot_be_read_is_not_marked(file, content):
    with pytest.raises(apart.Unreadable):
        apart.marked(file(content), MENTION)


def _pixels(picture, box):
    part = picture.convert("RGB").crop(box)
    return [part.getpixel((x, y)) for x in range(part.width) for y in range(part.height)]
