"""What the pages of prescriptions and letters send, and their addresses."""

from django.urls import reverse

FRAGMENT = {"HX-Request": "true"}


def url_of(name, *keys):
    return reverse(f"prescriptions:{name}", args=keys)


def screen(draft, *names, **more):
    """Return what the form of a draft sends."""
    rows = {
        "l-TOTAL_FORMS": len(names), "l-INITIAL_FORMS": len(names),
        "version": draft.version, "paper": "a5", "remarks": "", "weight_kg": "",
        "vus": "unsaid:111",
    }  # fmt: skip
    for place, name in enumerate(names):
        rows |= {f"l-{place}-name": name, f"l-{place}-times": "2", f"l-{place}-days": ""}
    return rows | more
