"""Pure decisions about answers: which are asked, which are missing, what they warn of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.care.questionnaires import medicines
from quenotte.care.questionnaires.definitions import ADULT, CHILD, DEFINITIONS
from quenotte.care.questionnaires.questions import (
    NO,
    UNKNOWN,
    YES,
    Asked,
    Definition,
    Question,
    Section,
    Sort,
)

#: key of a question -> what was answered; several choices in their order, words as they are.
Answers = Mapping[str, str | list[str]]
Answer = str | list[str]

LONGEST_LINE: Final = 160
LONGEST_TEXT: Final = 2_000
#: From this age one answers for oneself.
OF_AGE_YEARS: Final = 18
_FERTILE_YEARS: Final = range(12, 56)
#: Choices that say « none of them »: they exclude the others.
_NONE: Final = frozenset({"aucun", "aucune", UNKNOWN})
#: Where a draft notes, beside its answers, which page of the practice wrote it last.
WRITER: Final = "_page"

FILLED: Final = "filled"
TO_REVIEW: Final = "to_review"
OLD: Final = "old"
NEVER: Final = "never"


@dataclass(frozen=True)
class Facts:
    """What decides which questions are asked."""

    age_years: int | None
    sex: str

    @property
    def is_minor(self) -> bool:
        """Whether somebody else answers for her."""
        return self.age_years is not None and self.age_years < OF_AGE_YEARS

    @property
    def may_be_pregnant(self) -> bool:
        """Whether the question makes sense; an unknown age asks it."""
        return self.sex != "M" and (self.age_years is None or self.age_years in _FERTILE_YEARS)

    def is_concerned(self, asked: Asked) -> bool:
        """Tell whether a question is asked of somebody."""
        if asked is Asked.MAY_BE_PREGNANT:
            return self.may_be_pregnant
        if asked is Asked.FROM_TWELVE:
            return self.age_years is None or self.age_years >= _FERTILE_YEARS.start
        return True


@dataclass(frozen=True)
class Seen:
    """What a page of the practice knew when it was opened.

    ``page`` names the page, ``tablet`` the tablet and ``sent`` the questionnaire that it knew of
    last, ``base`` what had been answered.
    """

    page: str = ""
    tablet: str = ""
    sent: str = ""
    base: Answers = field(default_factory=dict)


def told(answers: Answers) -> dict[str, Answer]:
    """Return the answers of a draft, without the name of the page that wrote it last."""
    return {key: answer for key, answer in answers.items() if key != WRITER}


def is_overtaken(answers: Answers, seen: Seen) -> bool:
    """Tell whether somebody else answered since a page was opened.

    What the page itself wrote meanwhile is no surprise to it, even where it never heard that it
    had arrived.
    """
    is_its_own = bool(seen.page) and answers.get(WRITER) == seen.page
    return told(answers) != seen.base and not is_its_own


def changed_since(seen: Seen, said: Answers) -> dict[str, Answer]:
    """Return what a page changed since it was opened; an answer taken away is empty."""
    keys = [*said, *(key for key in seen.base if key not in said)]
    return {key: said.get(key, "") for key in keys if said.get(key) != seen.base.get(key)}


def definition_for(facts: Facts) -> Definition:
    """Return the newest questionnaire for somebody."""
    name = CHILD if facts.is_minor else ADULT
    return max((one for one in DEFINITIONS if one.name == name), key=lambda one: one.version)


def definition(name: str, version: int) -> Definition:
    """Return the version in which something was answered. Raises: KeyError."""
    for one in DEFINITIONS:
        if (one.name, one.version) == (name, version):
            return one
    raise KeyError((name, version))


def sections_for(asked: Definition, facts: Facts) -> list[Section]:
    """Return the screens of somebody: those in which something is asked of her."""
    return [section for section in asked.sections if any(asked_in(section, facts))]


def asked_in(section: Section, facts: Facts) -> Iterator[Question]:
    """Yield the questions of a screen that are asked of somebody."""
    for question in section.questions:
        if facts.is_concerned(question.asked):
            yield question


def leads_on(question: Question, answer: Answer | None) -> bool:
    """Tell whether what follows a question is asked."""
    if question.sort is Sort.YES_NO:
        return answer == YES
    return bool(answer) and answer not in (NO, "jamais", UNKNOWN)


def answer_of(question: Question, given: list[str]) -> Answer | None:
    """Return what a form says of a question; None when it says nothing.

    What is none of the choices is nothing; « aucun » beside a choice gives way to the choice.
    """
    if question.is_written:
        longest = LONGEST_LINE if question.sort is Sort.LINE else LONGEST_TEXT
        words = _tidy(given[-1] if given else "")[:longest]
        return words or None
    known = [value for value, _words in question.options]
    chosen = [value for value in known if value in given]
    if question.sort is Sort.SOME:
        return [one for one in chosen if one not in _NONE] or chosen[:1] or None
    return chosen[0] if chosen else None


def tidied(asked: Definition, facts: Facts, answers: Answers) -> dict[str, Answer]:
    """Return the answers that count: to questions that are asked, in the order of the paper."""
    kept: dict[str, Answer] = {}
    for section in asked.sections:
        for question in asked_in(section, facts):
            answer = answers.get(question.key)
            if answer:
                kept[question.key] = answer
            if leads_on(question, answer):
                more = ((one.key, answers.get(one.key)) for one in question.follow_ups)
                kept.update({key: found for key, found in more if found})
    return kept


def missing_in(section: Section, facts: Facts, answers: Answers) -> list[Question]:
    """Return the questions of a screen that must be answered and are not."""
    return [
        question
        for question in asked_in(section, facts)
        if question.is_needed and not answers.get(question.key)
    ]


def missing(asked: Definition, facts: Facts, answers: Answers) -> list[Question]:
    """Return all the questions that must be answered and are not."""
    return [one for section in asked.sections for one in missing_in(section, facts, answers)]


@dataclass(frozen=True)
class Wanted:
    """An alert that answers ask for; ``code`` is one of the patients' list, or empty.

    ``question`` is the answer that it comes from. ``is_vague``: « à préciser », nothing more.
    """

    question: str
    code: str = ""
    label: str = ""
    details: str = ""
    is_vague: bool = False


#: question -> the alert of a « oui », and the answers that say more of it.
OF_YES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "stimulateur": ("pacemaker", ("stimulateur_quel",)),
    "infarctus": ("heart_disease", ("infarctus_quand",)),
    "insuffisance_cardiaque": ("heart_failure", ("insuffisance_suivi",)),
    "conduction": ("conduction", ("conduction_quoi",)),
    "ulcere": ("stomach_ulcer", ("ulcere_quand",)),
    "avc": ("stroke", ("avc_quand",)),
    "hypertension": ("hypertension", ("hypertension_suivi",)),
    "anticoagulant": ("anticoagulant", ("anticoagulant_quel", "inr")),
    "antiagregant": ("antiplatelet", ("antiagregant_quel",)),
    # Whoever bleeds long has not been told what she has: the practitioner asks.
    "saignement": ("bleeding", ("saignement_quoi",)),
    "antiresorptif": (
        "antiresorptive",
        ("antiresorptif_quel", "antiresorptif_voie", "antiresorptif_depuis"),
    ),
    "radiotherapie": ("radiotherapy", ("radiotherapie_quand",)),
    "chimiotherapie": ("chemotherapy", ("chimiotherapie_quoi",)),
    "corticoides": ("corticosteroid", ()),
    "immunodepression": ("immunosuppression", ("immunodepression_quoi",)),
    "diabete": ("diabetes", ("diabete_type", "hba1c")),
    "asthme": ("asthma", ("asthme_quoi",)),
    "epilepsie": ("epilepsy", ("epilepsie_crise",)),
    "reins": ("kidney_failure", ("reins_quoi",)),
    "foie": ("liver_failure", ("foie_quoi",)),
    # The words on a screen that others see name no infection.
    "infection": ("blood_exposure", ()),
    "malaises": ("fainting", ()),
    "grossesse": ("pregnancy", ("terme",)),
    "allaitement": ("breastfeeding", ()),
    "anxiete": ("dental_anxiety", ()),
}
#: The words of an alert whose question is wider than the code that others reckon with.
_LABELS: Final = {"reins": _("Maladie rénale"), "foie": _("Maladie hépatique")}
#: Questions whose « je ne sais pas » is asked again before anything is prescribed or done. The
#: words of a code begin with those of the list: what says less takes nothing from what is known.
_UNSURE: Final = {
    "anticoagulant": ("anticoagulant", _("Anticoagulant : à préciser")),
    "antiagregant": ("antiplatelet", _("Antiagrégant plaquettaire : à préciser")),
    "antiresorptif": ("antiresorptive", _("Bisphosphonate ou dénosumab : à préciser")),
    "endocardite": ("", _("Valve ou infection du cœur : à préciser")),
    "insuffisance_cardiaque": ("heart_failure", _("Insuffisance cardiaque : à préciser")),
    "conduction": ("conduction", _("Trouble du rythme ou de la conduction : à préciser")),
    "allergies": ("", _("Allergies : à préciser")),
}
#: Words in which medicines are named, and the question whose « non » takes them back.
_NAMED_IN: Final = {
    "traitements": "traitement",
    "anticoagulant_quel": "anticoagulant",
    "antiagregant_quel": "antiagregant",
    "antiresorptif_quel": "antiresorptif",
}
#: Answers in which a name is no treatment: what one is allergic to, who cares for one, what set
#: off an asthma or an ulcer.
_NO_TREATMENT: Final = frozenset(
    {"allergie_autre", "allergie_reaction", "medecin", "asthme_quoi", "ulcere_quand"}
)
#: What sets off an asthma counts like an allergy: before an injection, and on a prescription.
_SETS_OFF: Final = {
    "aspirin": _("Aspirine : déclenche l’asthme"),
    "nsaid": _("Anti-inflammatoires (AINS) : déclenchent l’asthme"),
    "sulphites": _("Sulfites : déclenchent l’asthme"),
}
#: What is named after « ni » may be denied, or not borne: it is asked again.
_MAY_SET_OFF: Final = {
    "aspirin": _("Aspirine : à préciser"),
    "nsaid": _("Anti-inflammatoires (AINS) : à préciser"),
    "sulphites": _("Sulfites : à préciser"),
}
#: A name alone does not tell how long it is taken.
_NAMED_LABELS: Final = {"corticosteroid": _("Corticoïdes : durée à préciser")}
#: What makes a heart one of high risk, among what is asked. Source: HAS, 2024.
_HIGH_RISK: Final = frozenset({"valve", "endocardite"})
_HEART_DEFECT: Final = _("Malformation du cœur : risque d’endocardite à préciser")
#: Choices that say of oneself what « non » says.
_STOPPED: Final = frozenset({NO, "arrete", "vapoteuse"})
_SMOKES: Final = ("tabac", "deux")
_LONGEST_DETAILS: Final = 300
_LONGEST_LABEL: Final = 120


def wanted_alerts(asked: Definition, answers: Answers) -> list[Wanted]:
    """Return the alerts that these answers ask for, each once."""
    found = [*_of_yes(asked, answers), *_of_heart(asked, answers), *_of_allergies(answers)]
    found += _besides(found, _of_asthma(answers))
    found += _besides(found, _of_names(asked, answers))
    found += _besides(found, _of_unsure(answers))
    return [one for one in found if asked.question(one.question) is not None]


def _besides(found: list[Wanted], more: Iterator[Wanted]) -> list[Wanted]:
    """Return what is wanted more: an alert that is asked for already is not asked for twice."""
    codes = {one.code for one in found if one.code}
    return [one for one in more if one.code not in codes]


def _of_names(asked: Definition, answers: Answers) -> Iterator[Wanted]:
    """Yield the alerts of the medicines that are named in any written answer, each once."""
    seen: set[str] = set()
    written = (one.key for one in asked.walk() if one.is_written and one.key not in _NO_TREATMENT)
    for key in dict.fromkeys((*_NAMED_IN, *written)):
        for code, words in medicines.told(str(answers.get(key) or "")).items():
            if code not in seen:
                seen.add(code)
                label = _NAMED_LABELS.get(code, "")
                yield Wanted(key, code, label, details=words[:_LONGEST_DETAILS])


def _of_unsure(answers: Answers) -> Iterator[Wanted]:
    for key, (code, label) in _UNSURE.items():
        if UNKNOWN in (answers.get(key) or ()):
            yield Wanted(key, code, label, is_vague=True)


def _of_yes(asked: Definition, answers: Answers) -> Iterator[Wanted]:
    for key, (code, more) in OF_YES.items():
        if answers.get(key) == YES:
            details = _details(asked, answers, more)
            yield Wanted(key, code, _LABELS.get(key, ""), details)
    if answers.get("tabac") in _SMOKES:
        yield Wanted("tabac", "smoking", details=_details(asked, answers, ("tabac_combien",)))


def _of_asthma(answers: Answers) -> Iterator[Wanted]:
    told = str(answers.get("asthme_quoi") or "") if answers.get("asthme") == YES else ""
    for code, is_plain in medicines.sets_off(told).items():
        label = _SETS_OFF[code] if is_plain else _MAY_SET_OFF[code]
        details = told[:_LONGEST_DETAILS]
        yield Wanted("asthme", code, label, details, is_vague=not is_plain)


def _of_heart(asked: Definition, answers: Answers) -> Iterator[Wanted]:
    given = set(answers.get("endocardite") or ()) - _NONE
    if given:
        code, label = ("endocarditis", "") if given & _HIGH_RISK else ("", _HEART_DEFECT)
        details = _details(asked, answers, ("endocardite",))
        yield Wanted("endocardite", code, label, details)
    if answers.get("anesthesie_probleme") == YES:
        told = str(answers.get("anesthesie_quoi") or "")
        yield Wanted("anesthesie_probleme", label=_("Anesthésie mal supportée"), details=told)


def _of_allergies(answers: Answers) -> Iterator[Wanted]:
    told = str(answers.get("allergie_reaction") or "")[:_LONGEST_DETAILS]
    for code in answers.get("allergies") or ():
        if code not in _NONE:
            yield Wanted("allergies", code, details=told)
    if other := _other_allergy(answers):
        yield Wanted("allergie_autre", label=other[:_LONGEST_LABEL], details=told)


def _other_allergy(answers: Answers) -> str:
    """Return the allergy that is written out; "" for « aucune » and what says as much."""
    told = str(answers.get("allergie_autre") or "")
    return "" if medicines.says_nothing(told) else told


def denies(asked: Definition, answers: Answers, key: str) -> bool:
    """Tell whether answers say « non » to the question that an alert came from.

    Not to answer, not to know, and not to be asked say nothing; what is left blank beside the
    other choices of a list that was answered is a « non ».
    """
    if key == "allergie_autre":
        return says_no_allergy(answers)
    if key in _NAMED_IN:
        return answers.get(_NAMED_IN[key]) == NO
    question, given = asked.question(key), answers.get(key)
    if question is None or not given or question.is_written:
        return False
    if question.sort is Sort.SOME:
        return UNKNOWN not in given
    return given in _STOPPED


def says_no_allergy(answers: Answers) -> bool:
    """Tell whether answers say « aucune allergie connue »."""
    return answers.get("allergies") == ["aucune"] and not _other_allergy(answers)


def _details(asked: Definition, answers: Answers, keys: tuple[str, ...]) -> str:
    said = (words_of(asked.question(key), answers.get(key)) for key in keys)
    return ", ".join(one for one in said if one)[:_LONGEST_DETAILS]


def words_of(question: Question | None, answer: Answer | None) -> str:
    """Return an answer as people read it; the words are French, to be translated on screen."""
    if question is None or not answer:
        return ""
    if question.is_written:
        return str(answer)
    given = answer if isinstance(answer, list) else [answer]
    return ", ".join(words for value, words in question.options if value in given)


@dataclass(frozen=True)
class Difference:
    """A question that was answered otherwise, or that only one version asks."""

    question: Question
    before: str
    after: str


def differences(
    old_asked: Definition, old: Answers, new_asked: Definition, new: Answers
) -> list[Difference]:
    """Return what changed between two answered questionnaires, in the order of the new one."""
    questions = {one.key: one for one in (*new_asked.walk(), *old_asked.walk())}
    for one in new_asked.walk():
        questions[one.key] = one
    found = []
    for key, question in questions.items():
        before = words_of(old_asked.question(key), old.get(key))
        after = words_of(new_asked.question(key), new.get(key))
        if before != after:
            found.append(Difference(question, before, after))
    return found


def unsure(asked: Definition, answers: Answers) -> list[Question]:
    """Return the questions answered by « je ne sais pas », for the practitioner to ask again."""
    closed = (one for one in asked.walk() if not one.is_written)
    return [one for one in closed if UNKNOWN in (answers.get(one.key) or ())]


def good_until(submitted_on: date) -> date:
    """Return the day from which somebody is asked again: a year later."""
    try:
        return submitted_on.replace(year=submitted_on.year + 1)
    except ValueError:
        return date(submitted_on.year + 1, 3, 1)


def freshness(submitted_on: date | None, *, is_reviewed: bool, today: date) -> str:
    """Return whether a record's questionnaire may be trusted: one of the four words above."""
    if submitted_on is None:
        return NEVER
    if today >= good_until(submitted_on):
        return OLD
    return FILLED if is_reviewed else TO_REVIEW


def _tidy(words: str) -> str:
    kept = "".join(one for one in words if one in "\n\t" or one.isprintable())
    return "\n".join(line.strip() for line in kept.replace("\t", " ").splitlines()).strip()
