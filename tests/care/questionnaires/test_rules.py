from datetime import date

import pytest

from quenotte.care.patients.rules import ALERTS
from quenotte.care.questionnaires import medicines, rules
from quenotte.care.questionnaires.definitions import DEFINITIONS
from quenotte.care.questionnaires.questions import UNKNOWN, Question, Sort, line
from quenotte.care.questionnaires.rules import Facts

WOMAN, MAN, OLD_WOMAN, CHILD = Facts(35, "F"), Facts(40, "M"), Facts(70, "F"), Facts(8, "M")
ADULT = rules.definition("adult", 1)
NSAIDS = (
    "Ketum, Cebutid, Celebrex, Arcoxia, Surgam, piroxicam, méloxicam, indométacine, célécoxib, "
    "Bi-Profenid, Ibuprofen 400, Brufen, Ponstyl"
)
HEART_DEFECT = "Malformation du cœur : risque d’endocardite à préciser"


def answered(facts=MAN, **answers):
    """Answer everything by « non », but these."""
    asked = rules.definition_for(facts)
    everything = {}
    for section in asked.sections:
        for one in rules.asked_in(section, facts):
            values = [value for value, _ in one.options]
            if values:
                none = next((it for it in ("non", "aucun", "aucune") if it in values), values[0])
                everything[one.key] = [none] if one.sort is Sort.SOME else none
    return everything | answers


@pytest.mark.parametrize("asked", DEFINITIONS, ids=lambda one: f"{one.name}-{one.version}")
def test_definition_holds_together(asked):
    keys = [one.key for one in asked.walk()]
    assert len(keys) == len(set(keys))
    for one in asked.walk():
        assert one.options or one.is_written
        assert len(one.key) <= 30


def test_every_alert_is_one_of_the_list():
    assert "smoking" in ALERTS
    asked = {key for one in DEFINITIONS for key in (it.key for it in one.walk())}
    assert set(rules.OF_YES) <= asked
    assert {code for code, _more in rules.OF_YES.values()} <= set(ALERTS)
    allergies = ADULT.question("allergies")
    assert allergies is not None
    assert {value for value, _ in allergies.options} - {"aucune", "nsp"} <= set(ALERTS)


@pytest.mark.parametrize(
    ("facts", "name", "asks_pregnancy"),
    [
        (WOMAN, "adult", True),
        (MAN, "adult", False),
        (OLD_WOMAN, "adult", False),
        (CHILD, "child", False),
        (Facts(13, "F"), "child", True),
        (Facts(None, "I"), "adult", True),
        (Facts(17, "F"), "child", True),
        (Facts(18, "F"), "adult", True),
    ],
)
def test_what_is_asked_of_whom(facts, name, asks_pregnancy):
    asked = rules.definition_for(facts)
    assert asked.name == name
    keys = {section.key for section in rules.sections_for(asked, facts)}
    assert ("grossesse" in keys) is asks_pregnancy


def test_unknown_version_is_a_mistake():
    with pytest.raises(KeyError):
        rules.definition("adult", 99)


CHOICES = Question("x", "x", Sort.SOME, (("a", "A"), ("b", "B"), ("aucun", "Aucun")))


@pytest.mark.parametrize(
    ("question", "given", "answer"),
    [
        (line("x", "x"), ["  Eliquis\x00 5\tmg "], "Eliquis 5 mg"),
        (line("x", "x"), ["é" * 200], "é" * 160),
        (line("x", "x"), ["   "], None),
        (line("x", "x"), [], None),
        (Question("x", "x"), ["oui"], "oui"),
        (Question("x", "x"), ["oui", "non"], "oui"),
        (Question("x", "x"), ["<script>"], None),
        (Question("x", "x"), [], None),
        (CHOICES, ["b", "a"], ["a", "b"]),
        (CHOICES, ["aucun", "b"], ["b"]),
        (CHOICES, ["aucun"], ["aucun"]),
        (CHOICES, ["z"], None),
    ],
)
def test_what_a_form_says(question, given, answer):
    assert rules.answer_of(question, given) == answer


def test_answers_to_what_is_not_asked_do_not_count():
    told = {
        "anticoagulant": "non",
        "anticoagulant_quel": "Eliquis",
        "diabete": "oui",
        "hba1c": "7 %",
        "grossesse": "oui",
        "inconnue": "oui",
        "tabac": "arrete",
        "tabac_combien": "dix ans",
    }
    assert rules.tidied(ADULT, MAN, told) == {
        "anticoagulant": "non",
        "diabete": "oui",
        "hba1c": "7 %",
        "tabac": "arrete",
        "tabac_combien": "dix ans",
    }


def test_what_must_be_answered():
    assert rules.missing(ADULT, MAN, answered()) == []
    without = answered()
    del without["asthme"]
    assert [one.key for one in rules.missing(ADULT, MAN, without)] == ["asthme"]
    # Nobody has to answer about an infection.
    free = answered()
    del free["infection"]
    assert rules.missing(ADULT, MAN, free) == []
    assert "grossesse" in {one.key for one in rules.missing(ADULT, WOMAN, answered())}


@pytest.mark.parametrize(
    ("answers", "alerts"),
    [
        ({}, []),
        ({"allergies": ["aucune"]}, []),
        ({"allergies": ["nsp"], "stimulateur": "nsp"}, [("Allergies : à préciser", "")]),
        ({"anticoagulant": "nsp"}, [("anticoagulant", "")]),
        ({"endocardite": ["nsp"]}, [("Valve ou infection du cœur : à préciser", "")]),
        (
            {"endocardite": ["congenital"]},
            [(HEART_DEFECT, "Une malformation du cœur depuis la naissance")],
        ),
        ({"avc": "oui", "avc_quand": "2021"}, [("stroke", "2021")]),
        (
            {"traitement": "oui", "traitements": "XARELTO 20\nLévothyrox, Fosamax"},
            [("anticoagulant", "XARELTO"), ("antiresorptive", "Fosamax")],
        ),
        (
            {"anticoagulant": "oui", "anticoagulant_quel": "Eliquis", "traitements": "Eliquis"},
            [("anticoagulant", "Eliquis")],
        ),
        (
            {"anticoagulant": "nsp", "traitements": "Previscan ¼"},
            [("anticoagulant", "Previscan")],
        ),
        (
            {"traitements": "Téralithe ; Méthotrexate (lundi)"},
            [("lithium", "Téralithe"), ("methotrexate", "Méthotrexate")],
        ),
        (
            {"allergies": ["penicillin", "latex"], "allergie_reaction": "œdème"},
            [("penicillin", "œdème"), ("latex", "œdème")],
        ),
        ({"allergie_autre": "Kiwi"}, [("Kiwi", "")]),
        ({"allergie_autre": "aucune"}, []),
        ({"allergie_autre": "Non, kiwi"}, [("Non, kiwi", "")]),
        ({"allergie_autre": "Plavix"}, [("Plavix", "")]),
        ({"medecin": "Dr Previscan"}, []),
        (
            {"autre_maladie": "Remplacement de la valve en 2019, je prends du Previscan."},
            [("anticoagulant", "Previscan")],
        ),
        ({"autre": "sous l’Eliquis"}, [("anticoagulant", "Eliquis")]),
        ({"autre": "Je n’ai jamais d’anticoagulant, aucun antiagrégant"}, []),
        (
            {"traitements": "Aspirine 75 mg, Aspégic 100, Cortancyl 10 mg"},
            [("antiplatelet", "Aspirine, Aspégic"), ("corticosteroid", "Cortancyl")],
        ),
        ({"endocardite": ["valve"]}, [("endocarditis", "Une valve artificielle ou réparée")]),
        ({"endocardite": ["aucun"]}, []),
        (
            {"anticoagulant": "oui", "anticoagulant_quel": "Eliquis", "inr": "2,3"},
            [("anticoagulant", "Eliquis, 2,3")],
        ),
        (
            {"antiresorptif": "oui", "antiresorptif_voie": "injection"},
            [("antiresorptive", "En perfusion ou en piqûre")],
        ),
        ({"reins": "oui", "reins_quoi": "calcul"}, [("kidney_failure", "calcul")]),
        ({"saignement": "oui"}, [("bleeding", "")]),
        ({"tabac": "tabac", "tabac_combien": "10"}, [("smoking", "10")]),
        ({"tabac": "arrete"}, []),
        ({"tabac": "vapoteuse"}, []),
        ({"infection": "oui", "infection_quoi": "VIH"}, [("blood_exposure", "")]),
        (
            {"anesthesie_probleme": "oui", "anesthesie_quoi": "malaise"},
            [("Anesthésie mal supportée", "malaise")],
        ),
    ],
)
def test_what_answers_warn_of(answers, alerts):
    found = rules.wanted_alerts(ADULT, answered(**answers))
    assert [(one.code or one.label, one.details) for one in found] == alerts


@pytest.mark.parametrize("facts", [MAN, CHILD])
def test_sulphites_are_offered_and_older_versions_stay_as_they_were(facts):
    name = rules.definition_for(facts).name
    first = 1 if name == "adult" else 2
    old, new = rules.definition(name, first), rules.definition(name, first + 1)
    offered = [
        {value for value, _ in one.options}
        for version in (new, old)
        for one in version.walk()
        if one.key == "allergies"
    ]
    assert ["sulphites" in values for values in offered] == [True, False]
    assert [one.key for one in new.walk()] == [one.key for one in old.walk()]
    assert rules.wanted_alerts(new, {"allergies": ["sulphites"]})[0].code == "sulphites"


@pytest.mark.parametrize("facts", [MAN, CHILD])
def test_what_changes_an_anaesthetic_or_an_nsaid_is_asked_and_older_versions_stay(facts):
    new = rules.definition_for(facts)
    old = rules.definition(new.name, new.version - 1)
    more = {one.key for one in new.walk()} - {one.key for one in old.walk()}
    asked = {"insuffisance_cardiaque", "conduction", "ulcere"}
    assert asked <= more
    assert more - asked == {
        "insuffisance_suivi", "conduction_quoi", "ulcere_quand", "asthme_quoi"
    }  # fmt: skip
    answers = {
        "insuffisance_cardiaque": "oui", "conduction": "oui", "conduction_quoi": "bloc AV",
        "ulcere": "oui", "ulcere_quand": "2019, ibuprofène", "asthme": "oui",
        "asthme_quoi": "aspirine",
    }  # fmt: skip
    told = {one.code: one.details for one in rules.wanted_alerts(new, answers)}
    assert told == {
        "heart_failure": "",
        "conduction": "bloc AV",
        "stomach_ulcer": "2019, ibuprofène",
        "asthma": "aspirine",
        "aspirin": "aspirine",
    }
    # An older paper, read again today, says what it was asked and nothing more.
    assert [one.code for one in rules.wanted_alerts(old, {"asthme": "oui"})] == ["asthma"]
    assert rules.missing(new, facts, answered(facts)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sulfites, et l’aspirine", {"sulphites", "aspirin"}),
        ("Les anti-inflammatoires", {"nsaid"}),
        ("AINS (Advil)", {"nsaid"}),
        ("pollen, effort", set()),
        ("pas d’aspirine, les chats", set()),
        ("le pollen ainsi que les chats", set()),
        ("une maladie inflammatoire", set()),
        ("les maladies inflammatoires", set()),
        ("les maladies inflammatoires, les inflammatoires", {"nsaid"}),
        ("antis-inflammatoires", {"nsaid"}),
        ("antis inflammatoires", {"nsaid"}),
        ("antinflammatoires", {"nsaid"}),
        ("les inflammatoires", {"nsaid"}),
        ("pas d’anti-inflammatoires, les chats", set()),
        ("anti inflammatoire", {"nsaid"}),
        ("l’acide acétylsalicylique", {"aspirin"}),
        *((name, {"nsaid"}) for name in NSAIDS.split(", ")),
    ],
)
def test_what_sets_off_an_asthma_counts_like_an_allergy(words, found):
    asked = rules.definition_for(MAN)
    wanted = rules.wanted_alerts(asked, {"asthme": "oui", "asthme_quoi": words})
    assert {one.code for one in wanted} == {"asthma", *found}
    assert rules.wanted_alerts(asked, {"asthme": "non", "asthme_quoi": words}) == []
    ticked = {"asthme": "oui", "asthme_quoi": words, "allergies": ["aspirin"]}
    codes = [one.code for one in rules.wanted_alerts(asked, ticked)]
    assert codes.count("aspirin") == 1


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        # « Je ne supporte ni… ni… » names them, « … ni… ni… » denies them: it is asked again.
        ("le pollen, ni l’aspirine ni les AINS", ["Aspirine", "Anti-inflammatoires (AINS)"]),
        ("Je ne supporte ni aspirine ni Advil", ["Aspirine", "Anti-inflammatoires (AINS)"]),
        ("ni les sulfites du vin", ["Sulfites"]),
        ("ni les anti-inflammatoires", ["Anti-inflammatoires (AINS)"]),
        ("le pollen, ni les inflammatoires", ["Anti-inflammatoires (AINS)"]),
    ],
)
def test_what_is_named_after_neither_is_asked_again(words, labels):
    asked = rules.definition_for(MAN)
    _asthma, *wanted = rules.wanted_alerts(asked, {"asthme": "oui", "asthme_quoi": words})
    assert [(one.label, one.details) for one in wanted] == [
        (f"{label} : à préciser", words) for label in labels
    ]


def test_what_is_named_plainly_once_is_not_asked_again():
    assert medicines.sets_off("l’aspirine ; ni l’aspirine ni Advil") == {
        "aspirin": True, "nsaid": False
    }  # fmt: skip


@pytest.mark.parametrize("table", [rules._UNSURE.values(), rules._MAY_SET_OFF.items()])
def test_what_says_less_takes_nothing_from_what_is_known(table):
    for code, label in table:
        assert not code or label.startswith(f"{ALERTS[code].label} :")


@pytest.mark.parametrize(
    ("key", "code"), [("conduction", "conduction"), ("insuffisance_cardiaque", "heart_failure")]
)
def test_heart_that_somebody_is_not_sure_of_is_asked_again(key, code):
    asked = rules.definition_for(MAN)
    (wanted,) = rules.wanted_alerts(asked, {key: UNKNOWN})
    assert (wanted.code, wanted.label.endswith("à préciser")) == (code, True)


@pytest.mark.parametrize(
    ("words", "is_nothing"),
    [
        ("Aucune", True),
        ("non", True),
        ("Néant.", True),
        ("RAS", True),
        ("R.A.S.", True),
        ("rien à signaler", True),
        ("Pas d’allergie connue", True),
        ("aucune autre", True),
        ("-", True),
        ("no", True),
        ("Kiwi", False),
        ("Allergie", False),
        ("pas les arachides, les noix", False),
        ("aucune sauf latex", False),
        ("Noix", False),
    ],
)
def test_an_answer_that_names_nothing(words, is_nothing):
    assert medicines.says_nothing(words) is is_nothing
    told = {"allergies": ["aucune"], "allergie_autre": words}
    assert rules.says_no_allergy(told) is is_nothing


def test_every_medicine_leads_to_an_alert_of_the_list():
    assert set(medicines.NAMES) <= set(ALERTS)
    for starts in medicines.NAMES.values():
        assert all(one == one.lower() and " " not in one for one in starts)


def test_alert_claims_no_more_than_the_question():
    told = rules.wanted_alerts(ADULT, {"reins": "oui", "foie": "oui", "asthme": "oui"})
    assert {one.code: one.label for one in told} == {
        "kidney_failure": "Maladie rénale",
        "liver_failure": "Maladie hépatique",
        "asthma": "",
    }


@pytest.mark.parametrize(
    ("answers", "key", "is_denied"),
    [
        ({"asthme": "non"}, "asthme", True),
        ({"asthme": "nsp"}, "asthme", False),
        ({"asthme": "oui"}, "asthme", False),
        ({}, "infection", False),
        ({"allergies": ["nsp"]}, "allergies", False),
        ({"allergies": ["aucune"]}, "allergies", True),
        ({"allergies": ["latex"]}, "allergies", True),
        ({"allergies": ["latex"]}, "allergie_autre", False),
        ({"allergies": ["aucune"]}, "allergie_autre", True),
        ({"allergies": ["aucune"], "allergie_autre": "Kiwi"}, "allergie_autre", False),
        ({"endocardite": ["nsp"]}, "endocardite", False),
        ({"tabac": "arrete"}, "tabac", True),
        ({"traitement": "non"}, "traitements", True),
        ({"traitement": "nsp"}, "traitements", False),
        ({"succion": "non"}, "succion", False),
        ({"autre": "non"}, "autre", False),
    ],
)
def test_only_a_no_denies_what_was_warned_of(answers, key, is_denied):
    assert rules.denies(ADULT, answers, key) is is_denied


def keys_asked(facts):
    asked = rules.definition_for(facts)
    return {one.key for it in asked.sections for one in rules.asked_in(it, facts)}


def test_child_is_asked_about_the_child_and_about_all_that_changes_care():
    asked = rules.definition_for(CHILD)
    assert asked.version == 4
    texts = " ".join(one.text for one in asked.walk())
    for of_oneself in ("êtes-vous", "Prenez-vous", "Êtes-vous", "Allaitez-vous", "Faites-vous"):
        assert of_oneself not in texts
    assert {
        "anticoagulant", "antiresorptif", "stimulateur", "reins", "foie", "infection"
    } <= keys_asked(CHILD)  # fmt: skip
    assert not {"tabac", "grossesse", "allaitement"} & keys_asked(CHILD)
    assert "tabac" not in keys_asked(Facts(11, "F"))
    assert {"tabac", "grossesse"} <= keys_asked(Facts(12, "F"))
    assert keys_asked(Facts(12, "M")) & {"tabac", "grossesse"} == {"tabac"}
    assert "tabac" in keys_asked(Facts(None, "M"))


def test_alert_of_a_question_that_the_version_does_not_ask_is_not_raised():
    child = rules.definition("child", 1)
    assert rules.wanted_alerts(child, {"anticoagulant": "oui"}) == []


def test_differences_follow_the_new_version():
    old, new = answered(asthme="oui"), answered(asthme="non", medecin="Dr Verdier")
    found = rules.differences(ADULT, old, ADULT, new)
    assert [(one.question.key, one.before, one.after) for one in found] == [
        ("medecin", "", "Dr Verdier"),
        ("asthme", "Oui", "Non"),
    ]
    child = rules.definition("child", 1)
    grown = rules.differences(child, {"succion": "oui"}, ADULT, {})
    assert [(one.question.key, one.before) for one in grown] == [("succion", "Oui")]


def test_who_does_not_know_is_asked_again():
    told = answered(asthme="nsp", allergies=["nsp"], autre="nsp")
    assert [one.key for one in rules.unsure(ADULT, told)] == ["asthme", "allergies"]


@pytest.mark.parametrize(
    ("sent", "is_reviewed", "word"),
    [
        (None, False, rules.NEVER),
        (date(2026, 3, 17), False, rules.TO_REVIEW),
        (date(2025, 3, 18), True, rules.FILLED),
        (date(2025, 3, 17), True, rules.OLD),
    ],
)
def test_a_year_is_long(sent, is_reviewed, word):
    today = date(2026, 3, 17)
    assert rules.freshness(sent, is_reviewed=is_reviewed, today=today) == word


def test_year_of_a_leap_day_ends_on_the_first_of_march():
    assert rules.good_until(date(2024, 2, 29)) == date(2025, 3, 1)
