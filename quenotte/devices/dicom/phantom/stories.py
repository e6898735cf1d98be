"""What chance made of a tooth: mostly nothing, now and then a filling or a lesion."""

from quenotte.devices.dicom.phantom.projection import Story
from quenotte.devices.dicom.phantom.teeth import Form, Tooth
from quenotte.devices.dicom.phantom.textures import Generator

_BUSY = {Form.INCISOR: 0.35, Form.CANINE: 0.3, Form.PREMOLAR: 0.8, Form.MOLAR: 1.0}


def story_of(tooth: Tooth, rng: Generator, *, bend_mm: float = 2.2) -> Story:
    """Draw one tooth's story; the same generator state gives the same story."""
    draws = rng.random(8)
    busy = _BUSY[tooth.form]
    treated = bool(draws[0] < 0.1 * busy)
    has_crown = treated and bool(draws[1] < 0.45)
    distal = -1 if tooth.is_on_the_left_of_the_picture else 1
    filling = ""
    if not has_crown and (treated or draws[2] < 0.36 * busy):
        is_back_tooth = tooth.form in (Form.PREMOLAR, Form.MOLAR)
        filling = "metal" if is_back_tooth and draws[3] < 0.5 else "composite"
    return Story(
        filling=filling,
        filling_side=1 if draws[4] < 0.5 else -1,
        has_caries=bool(draws[5] < 0.15 * busy) and not has_crown,
        has_root_filling=treated,
        has_crown=has_crown,
        has_apical_shadow=bool(draws[6] < (0.3 if treated else 0.03)),
        pulp=float(0.75 + 0.5 * draws[7]),
        lean=float(rng.normal(0, 0.022)) + distal * 0.012,
        bend=float(rng.normal(distal * bend_mm, bend_mm * 0.6)),
    )
