"""Code systems and pieces that all resources share.

Source: HL7 FHIR R4B (4.3.0). What FHIR has no code for that everybody shares (a kind of finding, a
material) is said in words, and exactly in an extension of ours, so that nothing is lost.
"""

from typing import Any, Final

from quenotte.kernel.teeth import SNOMED_WRITE, name_fr

Resource = dict[str, Any]

SNOMED: Final = "http://snomed.info/sct"
#: FDI numbers, as the example code system of HL7 has them.
TOOTH: Final = "http://terminology.hl7.org/CodeSystem/ex-tooth"
SURFACE: Final = "http://terminology.hl7.org/CodeSystem/FDI-surface"
FINDING: Final = "urn:quenotte:fhir:finding"
KIND: Final = "urn:quenotte:fhir:kind"
FILE_NUMBER: Final = "urn:quenotte:fhir:file-number"
#: The public drug file names drugs by their CIS code.
CIS: Final = "urn:quenotte:fhir:cis"
#: Codes of acts as the practice's catalogue has them: CCAM, NGAP or its own.
#: Acts that the CCAM does not know. Source for the CCAM: ANS, terminologie-ccam.
ACT: Final = "urn:quenotte:fhir:act"
CCAM: Final = "https://smt.esante.gouv.fr/terminologie-ccam"
PRESCRIPTION: Final = "urn:quenotte:fhir:prescription"
LOINC: Final = "http://loinc.org"
PROGRESS_NOTE: Final = "11506-3"
CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/condition-category"
OBSERVED: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
EXAM: Final = "exam"

#: Surfaces that HL7 has a code for; the root and the apex are said in words.
_SURFACES: Final = frozenset("MOIDVL")


def tooth(fdi: int) -> Resource:
    """Return the body site of a tooth, in SNOMED CT and by its FDI number."""
    coding = [
        {"system": SNOMED, "code": SNOMED_WRITE[fdi]},
        {"system": TOOTH, "code": str(fdi)},
    ]
    return {"coding": coding, "text": f"{fdi}, {name_fr(fdi)}"}


def surfaces(letters: str) -> list[Resource]:
    """Return the body sites of surfaces, by HL7's codes where it has one."""
    return [
        {"coding": [{"system": SURFACE, "code": letter}]} if letter in _SURFACES else {"text": text}
        for letter in letters
        for text in [{"R": "racine", "A": "apex"}.get(letter, letter)]
    ]


def coded(system: str, code: str) -> Resource:
    """Return a concept with one code."""
    return {"coding": [{"system": system, "code": code}]}


def filled(resource: Resource) -> Resource:
    """Leave out what is empty: FHIR allows no empty value."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
