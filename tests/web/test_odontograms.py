"""The mouth is drawn as the dentist faces it."""

import re

import pytest

from quenotte.web import samples
from quenotte.web.odontograms import (
    Mark,
    Span,
    Tooth,
    draw,
    sample_above,
    sample_side,
    sample_state,
)

KINDS = (
    "filling", "inlay", "veneer", "crown", "pontic", "post", "bridge", "implant", "endodontics",
    "extraction", "removal", "sealant", "prosthesis", "fracture", "caries", "apical", "moved",
    "rotated", "supernumerary", "something new",
)  # fmt: skip
STATUSES = ("existing", "planned", "done", "watch", "referred")


def place(svg: str, fdi: int) -> int:
    found = re.search(rf'data-tooth="{fdi}"[^>]*translate\((\d+) 0\)', svg)
    assert found
    return int(found[1])


def tooth_of(svg: str, fdi: int) -> str:
    return svg.split(f'data-tooth="{fdi}"')[1].split('data-tooth="', maxsplit=1)[0]


def test_patients_right_is_on_the_left() -> None:
    svg = draw(samples.adult_mouth(), "Schéma")
    assert place(svg, 18) < place(svg, 11) < place(svg, 21) < place(svg, 28)
    assert place(svg, 48) < place(svg, 41) < place(svg, 31) < place(svg, 38)
    assert place(svg, 16) == place(svg, 46)


def test_each_tooth_says_its_number_and_state() -> None:
    svg = draw([Tooth(36, "missing", "absente")], "Schéma")
    assert "<title>Dent 36\u00a0: absente</title>" in svg
    assert 'class="tooth is-missing"' in svg
    assert 'class="gone"' in svg
    assert 'role="button"' in svg


def test_five_surfaces_can_be_touched_on_each_tooth() -> None:
    svg = draw([Tooth(fdi, "present", "") for fdi in (11, 16, 53, 85)], "Schéma")
    for fdi in (11, 16, 53, 85):
        assert re.findall(r'data-s="(\w)"', tooth_of(svg, fdi)) == list("MDOVL")


@pytest.mark.parametrize("status", STATUSES)
def test_each_kind_looks_different_whatever_its_status(status: str) -> None:
    drawings = {draw([Tooth(16, "present", "", (Mark(k, status, "MO"),))], "") for k in KINDS}
    # A bridge and what it replaces are drawn as crowns; the bar tells them apart.
    assert len(drawings) == len(KINDS) - 2
    plain = draw([Tooth(16, "present", "")], "")
    assert plain not in drawings


@pytest.mark.parametrize("kind", KINDS)
def test_each_status_looks_different_without_its_colour(kind: str) -> None:
    drawings = [draw([Tooth(36, "present", "", (Mark(kind, s, "O"),))], "") for s in STATUSES]
    shapes = [re.sub("|".join(STATUSES), "", svg) for svg in drawings]
    signs = [re.findall(r'class="sign \w+"[^>]* d="([^"]+)"', svg) for svg in drawings]
    # Nothing but what is there already goes without a sign beside the number.
    assert signs[0] == []
    assert len({tuple(sign) for sign in signs}) == len(STATUSES)
    assert len(set(shapes)) >= 2


def test_used_shapes_and_patterns_are_all_defined() -> None:
    marks = tuple(Mark(k, s, "MODVL", "amalgam") for k in KINDS for s in STATUSES)
    teeth = [Tooth(q * 10 + p, "present", "", marks) for q in (1, 2, 3, 4) for p in range(1, 9)]
    milk = [Tooth(q * 10 + p, "root", "", marks) for q in (5, 6, 7, 8) for p in range(1, 6)]
    svg = draw(teeth + milk, "Schéma", [Span("bridge", (14, 15, 16), "existing")])
    defined = set(re.findall(r' id="([^"]+)"', svg))
    asked = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    assert asked <= defined


def test_rows_without_tooth_take_no_room() -> None:
    heights = [
        int(re.findall(r'viewBox="0 0 \d+ (\d+)"', draw(teeth, ""))[0])
        for teeth in ([], samples.adult_mouth(), samples.child_mouth())
    ]
    assert heights == [150, 300, 532]


def test_span_joins_its_teeth_in_the_row_where_they_are() -> None:
    svg = draw(samples.adult_mouth(), "", [Span("prosthesis", (35, 36, 37), "planned")])
    found = re.search(r'class="mk span-prosthesis planned" d="M(\d+) \d+H(\d+)"', svg)
    assert found
    assert [int(found[1]), int(found[2])] == [place(svg, 35), place(svg, 37)]


@pytest.mark.parametrize("state", ["present", "missing", "agenesis", "impacted", "root", "implant"])
def test_each_state_of_a_tooth_looks_different(state: str) -> None:
    own = sample_state(state)
    others = {"present", "missing", "agenesis", "impacted", "root", "implant"} - {state}
    assert own not in {sample_state(other) for other in others}


def test_place_of_a_tooth_that_nobody_expects_is_empty() -> None:
    tooth = tooth_of(draw([Tooth(18, "unseen", "")], ""), 18)
    assert 'class="crown"' not in tooth
    assert ">18</text>" in tooth


def test_score_of_a_caries_is_written_where_the_caries_is() -> None:
    marks = (Mark("caries", "existing", "M", figure="3"),)
    places = []
    for fdi in (16, 26):
        tooth = tooth_of(draw([Tooth(fdi, "present", "", marks)], ""), fdi)
        found = re.search(r'class="figure" x="(-?[\d.]+)" y="[\d.]+">3<', tooth)
        assert found
        places.append(float(found[1]))
    # Mesial is on the side of the midline, whichever the quadrant.
    assert places[0] == -places[1] > 0


def test_legend_shows_the_same_marks() -> None:
    assert "p-planned" in sample_above("filling", "planned")
    assert "mk blob" in sample_side("caries")


def test_words_are_escaped_and_nothing_is_styled_inline() -> None:
    svg = draw([Tooth(11, "present", "<script>")], 'Schéma "double"')
    assert "<script>" not in svg
    assert '"double"' not in svg
    assert "style=" not in svg
