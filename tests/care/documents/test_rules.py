"""What a document is, from its bytes and its name."""

import pytest

from quenotte.care.documents import rules


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"%PDF-1.7\n", rules.PDF),
        (b"\0\0 junk before %PDF-1.4", rules.PDF),
        (b"\x89PNG\r\n\x1a\n\0", rules.PNG),
        (b"\xff\xd8\xff\xe0", rules.JPEG),
        (b"II*\0", "picture"),
        (b"\0\0\0\x18ftypheic", "picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        (b"PK\x03\x04", "archive"),
        (b"{\\rtf1", "archive"),
        (b"MZ\x90\0\x03", ""),
        (b"\x7fELF\x02", ""),
        (b"  <html><script>", ""),
        (b"#!/bin/sh\n", ""),
        ("Cher confrère,\r\nmerci".encode(), rules.TEXT),
        ("Cher confrère".encode("cp1252"), rules.TEXT),
    ],
)
def test_a_file_is_what_its_first_bytes_say(start, found):
    assert rules.media_type(start) == found


def test_a_text_is_read_in_both_ways_of_writing_it():
    assert rules.read_text("\ufeffété".encode()) == "été"
    assert rules.read_text("été".encode("cp1252")) == "été"
    assert rules.read_text(b"a\0b") is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Compte_rendu.pdf", "Compte rendu"),
        ("C:\\Users\\x\\lettre.PDF", "lettre"),
        ("../../etc/passwd", "passwd"),
        (".pdf", ".pdf"),
        ("sans fin", "sans fin"),
        ("dr. martin le 3.avril2026", "dr. martin le 3.avril2026"),
    ],
)
def test_a_file_proposes_its_title(name, title):
    assert rules.title_from(name) == title


def test_a_title_has_one_line_and_no_hidden_sign():
    assert rules.tidy_title(" a\x00\n b\u202egpj.exe ") == "a b gpj.exe"
    assert len(rules.tidy_title("x" * 500)) == rules.LONGEST_TITLE


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Courrier du Dr Martin", "Courrier du Dr Martin.pdf"),
        ('a/b\\c:"d"', "a-b-c--d.pdf"),
        ("CON", "document CON.pdf"),
        ("...", "document.pdf"),
        ("é" * 300, "é" * 100 + ".pdf"),
    ],
)
def test_a_download_has_a_name_for_every_system(title, name):
    assert rules.file_name(title, rules.PDF) == name


def test_an_unknown_type_is_saved_as_bytes():
    assert rules.file_name("x", "text/html") == "x.bin"


def test_words_are_searched_without_accents_from_their_beginning():
    assert " evaluation" in rules.searched("Évaluation, panoramique")
    assert rules.asked_words("  Éval PANO ") == ["eval", "pano"]


@pytest.mark.parametrize(
    ("name", "media", "kind"),
    [
        ("Ordonnance Dr X.pdf", rules.PDF, "prescription"),
        ("CR opératoire.pdf", rules.PDF, "report"),
        ("sourire.jpg", rules.JPEG, "photo"),
        ("scan0001.pdf", rules.PDF, "other"),
    ],
)
def test_a_name_proposes_a_kind(name, media, kind):
    assert rules.kind_from(name, media) == kind


def test_what_is_made_here_and_signed_is_sealed():
    assert rules.is_sealed("prescription")
    assert not rules.is_sealed("laboratory")


@pytest.mark.parametrize("letters", ["é", "€", "\N{TOOTH}"])
@pytest.mark.parametrize("before", range(4))
def test_a_long_text_is_not_cut_inside_a_character(letters, before):
    whole = "a" * before + letters * rules.LONGEST_WORDS
    shown = rules.read_text(rules.beginning(whole.encode()))
    assert shown is not None
    assert whole.startswith(shown)
    assert len(shown.encode()) > rules.LONGEST_WORDS - 4


def test_a_text_in_one_byte_is_cut_too_and_a_short_one_is_whole():
    assert len(rules.beginning(b"\x80" * (rules.LONGEST_WORDS + 9))) <= rules.LONGEST_WORDS
    assert rules.beginning("été".encode()) == "été".encode()


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("praticien", set()),
        ("assistante", set()),
        ("secretaire", {"questionnaire", "consent", "report"}),
    ],
)
def test_papers_are_read_by_those_who_read_what_they_say(role, hidden):
    assert set(rules.hidden_from({role})) == hidden
