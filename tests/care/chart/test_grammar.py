from collections import defaultdict
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.chart.rules import (
    Finding,
    Kind,
    NotChartable,
    NotUnderstood,
    Status,
    complete,
    parse,
    sentence_of,
)
from quenotte.care.chart.rules.checks import checked
from quenotte.care.chart.rules.findings import MATERIALS, finding_of
from quenotte.care.chart.rules.grammar import LONGEST_LINE
from quenotte.care.chart.rules.places import between
from quenotte.care.chart.rules.vocabulary import WRITTEN
from quenotte.kernel.names import fold


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("16 MOD composite", ["16 : composite MOD"]),
        ("16 dom COMPOSITE", ["16 : composite MOD"]),
        ("16mod compo", ["16 : composite MOD"]),
        ("composite sur la 16 en mésial et distal", ["16 : composite MD"]),
        ("36 couronne céramique", ["36 : couronne céramique"]),
        ("36 couronne ceramo-metallique", ["36 : couronne céramo-métallique"]),
        ("36 CCM", ["36 : couronne céramo-métallique"]),
        ("36 couronne provisoire", ["36 : couronne provisoire"]),
        ("36 pansement", ["36 : provisoire"]),
        ("36 O or", ["36 : or O"]),
        ("36 obturation MO", ["36 : obturation MO"]),
        ("18 absente", ["18 : absente"]),
        ("14-16 bridge", ["16-14 : bridge"]),
        ("14x16 bridge", ["16-14 : bridge"]),
        ("14 x 16 bridge zircone", ["16-14 : bridge zircone"]),
        ("14 à 16 bridge", ["16-14 : bridge"]),
        ("13-14 bridge extension 15", ["15-13 : bridge"]),
        ("11-13-14 bridge", ["14-11 : bridge"]),
        ("14-24 bridge", ["14-24 : bridge"]),
        ("46 endo", ["46 : traitement endodontique"]),
        ("46 endo 3 canaux", ["46 : traitement endodontique 3 canaux"]),
        ("11 endo 1 canal", ["11 : traitement endodontique 1 canal"]),
        ("26 endo MV MV2 DV P", ["26 : traitement endodontique MV MV2 DV P"]),
        ("26 endo 4 canaux mb mb2 dv l faite",
         ["26 : traitement endodontique 4 canaux MV MV2 DV P, fait"]),
        ("46 endo MV ML D 47 couronne", ["46 : traitement endodontique MV ML D", "47 : couronne"]),
        ("16 MOD composite endo 3 canaux",
         ["16 : traitement endodontique 3 canaux", "16 : composite MOD"]),
        ("75 pulpotomie", ["75 : pulpotomie"]),
        ("75 pulpotomie faite", ["75 : pulpotomie, faite"]),
        ("11 contention", ["11 : contention"]),
        ("42-41 contention faite", ["42 : contention, faite", "41 : contention, faite"]),
        ("16 à extraire", ["16 : extraction, à faire"]),
        ("36 carie collet", ["36 : carie collet"]),
        ("36 V carie collet", ["36 : carie V collet"]),
        ("36 composite cervical V, endo", ["36 : composite V collet",
                                           "36 : traitement endodontique"]),
        ("46 endo : MV ML D", ["46 : traitement endodontique MV ML D"]),
        ("46 endo (2 canaux, calcifiés); 47 endo",
         ["46 : traitement endodontique 2 canaux, calcifiés", "47 : traitement endodontique"]),
        ("46 retraitement à faire", ["46 : retraitement, à faire"]),
        ("26 carie O profonde", ["26 : carie O profonde"]),
        ("26 O profonde", ["26 : carie O profonde"]),
        ("26 O icdas 4", ["26 : carie O ICDAS 4"]),
        ("26 O profonde icdas 5", ["26 : carie O profonde ICDAS 5"]),
        ("26 P carie", ["26 : carie P"]),
        ("26 L carie", ["26 : carie P"]),
        ("36 L carie", ["36 : carie L"]),
        ("11 I fracture", ["11 : fracture I"]),
        ("16 fracture radiculaire", ["16 : fracture de la racine"]),
        ("36 implant", ["36 : implant"]),
        ("11 12 facette", ["11 : facette", "12 : facette"]),
        ("11, 12 facette", ["11 : facette", "12 : facette"]),
        ("12-22 facettes céramique",
         ["12 : facette céramique", "11 : facette céramique", "21 : facette céramique",
          "22 : facette céramique"]),
        ("16 MOD composite, endo", ["16 : composite MOD", "16 : traitement endodontique"]),
        ("46 endo inlay-core couronne zircone",
         ["46 : traitement endodontique", "46 : inlay-core", "46 : couronne zircone"]),
        ("16 MOD composite endo", ["16 : traitement endodontique", "16 : composite MOD"]),
        ("46 tenon fibré", ["46 : tenon fibré"]),
        ("à faire 16 MOD composite", ["16 : composite MOD, à faire"]),
        ("16 couronne fait", ["16 : couronne, faite"]),
        ("surveiller 24 D carie", ["24 : carie D, à surveiller"]),
        ("adresser 38 extraction", ["38 : extraction, adressée"]),
        ("38 extraction", ["38 : extraction, à faire"]),
        ("38 extraite", ["38 : extraite"]),
        ("38 avulsion faite", ["38 : extraction, faite"]),
        ("16 dépose", ["16 : dépose, à faire"]),
        ("16 ancien composite MO", ["16 : composite MO"]),
        ("16 onlay céramique", ["16 : onlay céramique"]),
        ("16 scellement de sillons", ["16 : scellement de sillons"]),
        ("26 lésion apicale", ["26 : lésion apicale"]),
        ("13 en rotation", ["13 : rotation"]),
        ("11 mésiodens", ["11 : mésiodens"]),
        ("38 non sortie", ["38 : incluse"]),
        ("17-15 prothèse résine", ["17, 16, 15 : prothèse amovible résine"]),
        ("55 O CVI ; 65 absente\n75 racine",
         ["55 : verre ionomère (CVI) O", "65 : absente", "75 : racine restante"]),
        ("à faire 46 endo 47 couronne",
         ["46 : traitement endodontique, à faire", "47 : couronne, à faire"]),
        ("à faire 46 endo, 47 couronne; 37 couronne",
         ["46 : traitement endodontique, à faire", "47 : couronne, à faire", "37 : couronne"]),
        ("à faire 46 47 couronne", ["46 : couronne, à faire", "47 : couronne, à faire"]),
        ("36 composite M 37 composite D", ["36 : composite M", "37 : composite D"]),
        ("14 carie O 15 saine", ["14 : carie O", "15 : saine"]),
        ("46 endo faite 47 couronne à faire",
         ["46 : traitement endodontique, fait", "47 : couronne, à faire"]),
        ("11, 12 facette 13 couronne", ["11 : facette", "12 : facette", "13 : couronne"]),
        ("16 et 17 couronne", ["16 : couronne", "17 : couronne"]),
        ("couronne 16 17", ["16 : couronne", "17 : couronne"]),
        ("à faire couronne 16", ["16 : couronne, à faire"]),
        ("14-16 bridge 17 couronne : vieille", ["16-14 : bridge", "17 : couronne vieille"]),
        ("", None),
        ("  ; , ", None),
    ],
)  # fmt: skip
def test_line_says(line, said):
    if said is None:
        with pytest.raises(NotChartable, match="rien à noter"):
            parse(line)
    else:
        assert [sentence_of(finding) for finding in parse(line)] == said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("19 absente", "La dent 19 n’existe pas"),
        ("56 carie", "La dent 56 n’existe pas"),
        ("116 carie", "La dent 116 n’existe pas"),
        ("16 MOD compositte", "Vouliez-vous écrire « composite » ?"),
        ("16 MOD zzz", "« zzz » n’a pas été compris. Écrivez la dent"),
        ("11 O composite", "La 11 n’a pas de face O. Écrivez I"),
        ("16 I composite", "La 16 n’a pas de face I. Écrivez O"),
        ("36 P composite", "La 36 n’a pas de face P. Écrivez L"),
        ("16 MOD couronne", "« couronne » se note sans faces"),
        ("46 endo MO", "se note sans faces"),
        ("46 endo P", "« P » n’est pas un canal de la 46"),
        ("46 couronne 3 canaux", "Des canaux se notent avec un traitement endodontique"),
        ("26 composite MV2", "Des canaux se notent avec un traitement endodontique"),
        ("26 2 canaux, endo", "Il manque ce qui est noté pour la 26"),
        ("26 endo 2 canaux MV DV P", "plus de canaux que vous n’en comptez : MV, DV, P"),
        ("46 couronne collet", "Le collet ne va pas avec ce qui est noté"),
        ("13-43 bridge", "De 13 à 43, il faut rester sur une arcade"),
        ("13 43 bridge", "il faut rester sur une arcade"),
        ("12-32 bridge", "De 12 à 32, il faut rester sur une arcade"),
        ("12 21 bridge extension 43", "Un bridge reste sur une arcade"),
        ("16-46 bridge", "De 16 à 46, il faut rester sur une arcade"),
        ("16 46 bridge", "il faut rester sur une arcade"),
        ("13 15 bridge extension 36", "Un bridge reste sur une arcade"),
        ("13 14 bridge extension 17", "Un bridge couvre des dents qui se suivent"),
        ("11-12 bridge", "Un bridge remplace au moins une dent"),
        ("53-55 bridge", "Un bridge se note sur des dents définitives"),
        ("15 bridge extension", "Dites quelle dent est en extension"),
        ("15 bridge extension x", "Dites quelle dent est en extension"),
        ("16 36 prothèse", "arcade par arcade"),
        ("composite MOD", "Dites de quelle dent il s’agit"),
        ("16", "Il manque ce qui est noté pour la 16"),
        ("16 carie, 17", "Il manque ce qui est noté pour la 17"),
        ("16 à faire", "Il manque ce qui est noté pour la 16"),
        ("16 icdas 7", "Le score ICDAS d’une carie va de 0 à 6"),
        ("16 carie amélaire ICDAS 6", "Le score ICDAS 6 ne va pas avec la profondeur"),
        ("16 icdas", "Le score ICDAS d’une carie va de 0 à 6"),
        ("16 couronne profonde", "Une profondeur se note avec une carie"),
        ("16 zircone", "Ce matériau ne va pas"),
        ("16 carie titane", "Ce matériau ne va pas"),
        ("à faire 18 absente", "« à faire » ne va pas avec « absente »"),
        ("16 carie faite", "« fait » ne va pas avec « carie »"),
        ("surveiller 38 extraction", "« à surveiller » ne va pas avec « extraction »"),
        ("couronne 16 endo 17", "Une dent à la fois"),
        ("couronne 16 17 endo 18", "Une dent à la fois"),
        ("16 couronne 17", "Une dent à la fois"),
        ("46 endo à faire 47 couronne", "Une dent à la fois"),
        ("46 endo (2 canaux) 47 couronne", "Une dent à la fois"),
        ("16 MOD 17 D composite", "Il manque ce qui est noté pour la 16"),
        ("16 à faire 17 couronne", "Une dent à la fois"),
        ("à faire 46 endo, 18 absente", "« à faire » ne va pas avec « absente »"),
        (f"16 carie : {'x' * 201}", "La précision est trop longue"),
        ("16 " * LONGEST_LINE, "Cette ligne est trop longue"),
    ],
)
def test_line_is_refused_with_a_sentence(line, sentence):
    with pytest.raises(NotChartable) as refused:
        parse(line)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith("votre saisie est gardée.")


def test_word_not_understood_is_named():
    with pytest.raises(NotUnderstood) as refused:
        parse("16 MOD composite; 17 courone")
    assert (refused.value.word, refused.value.close[0]) == ("courone", "couronne")


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (Finding(Kind.CARIES, ()), "Dites de quelle dent"),
        (Finding(Kind.CARIES, (99,)), "La dent 99"),
        (Finding(Kind.CROWN, (16,), material="fibre"), "Ce matériau ne va pas avec « couronne »"),
        (Finding(Kind.CROWN, (16,), depth="deep"), "Une profondeur se note avec une carie"),
        (Finding(Kind.CARIES, (16,), depth="abyss"), "Une profondeur se note avec une carie"),
        (Finding(Kind.CARIES, (16,), icdas=9), "ICDAS"),
        (Finding(Kind.CARIES, (16,), "X"), "La 16 n’a pas de face X."),
        (Finding(Kind.BRIDGE, (16, 15, 14), pontics=(16, 15, 14)), "porté par au moins une dent"),
        (Finding(Kind.BRIDGE, (13, 43)), "13 et 43 sont sur deux arcades"),
        (Finding(Kind.BRIDGE, (13, 12, 22, 23)), "couvre des dents qui se suivent"),
        (Finding(Kind.CROWN, (26,), canals=("MV",)), "Des canaux"),
        (Finding(Kind.BRIDGE, (16, 15)), "remplace au moins une dent"),
    ],
)
def test_finding_from_elsewhere_is_checked_too(finding, sentence):
    with pytest.raises(NotChartable, match=sentence):
        checked([finding])


def test_finding_is_kept_in_one_way():
    (bridge,) = checked([Finding(Kind.BRIDGE, (14, 16, 15), pontics=(15,))])
    assert (bridge.teeth, bridge.pillars) == ((16, 15, 14), (16, 14))
    (removal,) = checked([Finding(Kind.REMOVAL, (16,))])
    assert removal.status is Status.DONE
    twice = checked([Finding(Kind.CARIES, (16, 17, 16), "DM")])
    assert [(one.teeth, one.surfaces) for one in twice] == [((16,), "MD"), ((17,), "MD")]


def test_words_alike_without_accents_mean_the_same():
    meanings = defaultdict(set)
    for written, meaning in WRITTEN.items():
        meanings[fold(written)].add((meaning.kind, meaning.status, meaning.usual, meaning.surfaces))
    assert [word for word, found in meanings.items() if len(found) > 1] == []


@pytest.mark.parametrize("kind", [kind for kind in MATERIALS if kind is not Kind.BRIDGE])
def test_each_finding_says_its_kind_and_material(kind):
    said = {
        sentence_of(Finding(kind, (16,), material=material)) for material in ("", *MATERIALS[kind])
    }
    assert len(said) == len(MATERIALS[kind]) + 1


@pytest.mark.parametrize(
    ("first", "last", "row"),
    [
        (11, 21, (11, 21)),
        (13, 16, (16, 15, 14, 13)),
        (32, 41, (41, 31, 32)),
        (16, 46, ()),
        (15, 55, ()),
        (52, 62, (52, 51, 61, 62)),
    ],
)
def test_between(first, last, row):
    assert between(first, last) == row


@pytest.mark.parametrize(
    ("begun", "first"),
    [
        ("", "à faire"),
        ("1", "11"),
        ("16 ", "16 composite"),
        ("16 MOD comp", "16 MOD composite"),
        ("16 CER", "16 céramique"),
        ("16 lésion ap", "16 lésion apicale"),
        ("36 couronne ", "36 couronne céramique"),
        ("16 carie; 4", "16 carie; 41"),
        ("16 carie, ", "16 carie, à faire"),
    ],
)
def test_completion_comes_first(begun, first):
    assert complete(begun)[0].line == first


@pytest.mark.parametrize(
    "begun",
    [
        "16", "16 MOD", "16 zzz", "composite ", "16 composite ", "16 couronne or ", "16 -",
        "16 MOD composite", "16 couronne", "38 extraction", "16 couronne céramique",
    ],
)  # fmt: skip
def test_nothing_to_complete(begun):
    assert complete(begun) == []


def test_a_whole_word_is_still_the_beginning_of_what_says_something_else():
    assert "inlay-core" in [one.text for one in complete("16 inlay")]
    assert [one.text for one in complete("16 MOD compo")] == ["composite"]


words = st.lists(st.sampled_from([*WRITTEN, "16", "14-16", "MOD", ";", ":"])).map(" ".join)


@given(st.text(max_size=60) | words)
def test_any_line_is_understood_or_refused(line):
    complete(line)
    with suppress(NotChartable):
        found = parse(line)
        assert checked(found) == found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("16 MOD composite : collage 26 couronne", "26 couronne"),
        ("46 endo : trois canaux 47 MO compo", "47 MO compo"),
        ("46 endo : longueur 21 mm", ""),
        ("16 couronne : comme la 26", ""),
        ("16 MOD composite : collage direct", ""),
        ("16 MOD composite (comme 26 couronne)", ""),
    ],
)
def test_free_words_swallow_no_tooth_of_which_something_is_said(line, said):
    if said:
        with pytest.raises(NotChartable, match=f"« {said} » suit"):
            parse(line)
    else:
        [found] = parse(line)
        assert found.detail


def test_bridge_across_the_midline_replaces_the_incisors_between_its_pillars():
    (bridge,) = parse("12-22 bridge")
    assert (bridge.teeth, bridge.pontics) == ((12, 11, 21, 22), (11, 21))
    (touched,) = checked([Finding(Kind.BRIDGE, (22, 21, 11, 12), pontics=(21, 11))])
    assert (touched.pillars, touched.pontics) == ((12, 22), (11, 21))


def test_canals_are_kept_apart_from_words():
    (endo,) = parse("26 endo 4 canaux MV MV2 DV L : calcifiés")
    assert (endo.canals, endo.canal_count, endo.detail) == (
        ("MV", "MV2", "DV", "P"), 4, "calcifiés")  # fmt: skip
    assert finding_of(endo.plain()) == endo
