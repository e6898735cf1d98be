"""A hand presses what stands still: where a box is once its page is drawn."""

from playwright.sync_api import FloatRect, Locator


def settled(place: Locator) -> FloatRect:
    """Return where a box is once its page is drawn: a redraw makes it anew."""
    for _ in range(50):
        box = place.bounding_box()
        if box and box == place.bounding_box():
            return box
        place.page.wait_for_timeout(100)
    raise AssertionError("the page is never at rest")
