"""What is wrong with the looks of a page: what axe finds, what is wider than the screen.

One page is looked at in both themes and at every size without being loaded again: the theme
and the size are the browser's, and what a page says does not depend on them. The first look
asks axe for everything; the others only for what depends on how the page is drawn.
``QUENOTTE_SHOTS=folder`` keeps a picture of each look.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

Theme = Literal["light", "dark"]

CHAIRSIDE: ViewportSize = {"width": 1366, "height": 768}
OFFICE: ViewportSize = {"width": 1920, "height": 1080}
TABLET: ViewportSize = {"width": 1024, "height": 768}
TABLET_UPRIGHT: ViewportSize = {"width": 800, "height": 1280}
TELEPHONE: ViewportSize = {"width": 390, "height": 780}
SCREENS = (CHAIRSIDE, OFFICE, TABLET, TABLET_UPRIGHT)
THEMES: tuple[Theme, ...] = ("light", "dark")

#: What colours decide; what the room on the screen decides.
_OF_COLOURS = ("color-contrast",)
_OF_ROOM = (
    "aria-hidden-focus", "button-name", "label", "link-name", "scrollable-region-focusable",
)  # fmt: skip
#: Hundreds of cards in eight colours, each proved readable in `tests/web/test_contrast.py`. All
#: other rules look at them.
_PROVED = [".ec-events"]
#: Lines like those above them: they are looked at once, with all the rules.
_ALIKE = ["tbody tr:nth-child(n + 9)", ".timeline-entry:nth-child(n + 5)"]
_RUN = """async ({rules, without, include, exclude}) => {
    // Without this axe asks the server for each style sheet once more, for rules about turning
    // the screen and sounds that begin by themselves; no page of ours has either.
    const options = {resultTypes: ['violations'], rules: {}, preload: false};
    if (rules.length) options.runOnly = {type: 'rule', values: rules};
    else for (const rule of without) options.rules[rule] = {enabled: false};
    return (await axe.run({include, exclude}, options)).violations;
}"""
#: Nothing moves from one theme to the other: who asked for less motion is shown none. What does
#: all the same is told: its colours are half-way.
_SETTLE = """async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return document.getAnimations().filter((one) => one instanceof CSSTransition)
        .map((one) => `${one.transitionProperty} moves: ${one.effect.target.outerHTML}`)
        .map((told) => told.slice(0, 200));
}"""


def shot(page: Page, name: str) -> None:
    """Keep a picture of what is on the screen, when asked to."""
    if folder := os.environ.get("QUENOTTE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def findings(page: Page, rules: Sequence[str] = (), *, within: str = "html") -> list[str]:
    """Return what axe has against a page or a part of it, by a few of its rules or by all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked: dict[str, Any] = {"rules": list(rules), "without": [], "include": [within]}
    violations: list[dict[str, Any]] = []
    if not rules and page.locator(_PROVED[0]).count():
        violations += page.evaluate(_RUN, asked | {"without": _OF_COLOURS, "exclude": []})
        asked["rules"], exclude = list(_OF_COLOURS), _PROVED
    else:
        exclude = [*_PROVED, *_ALIKE] if rules == _OF_COLOURS else []
    violations += page.evaluate(_RUN, asked | {"exclude": exclude})
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in violations
        for node in one["nodes"]
    ]


#: What sticks out, without what scrolls inside a frame of its own.
_STICKS_OUT = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const cut = (one) => one && one !== document.body
        && (getComputedStyle(one).overflowX !== 'visible' || cut(one.parentElement));
    const out = [...document.body.querySelectorAll('*')].filter(
        (one) => one.getBoundingClientRect().right > innerWidth + 0.5 && !cut(one.parentElement));
    return [`wider than the screen (${document.documentElement.scrollWidth})`,
        ...out.slice(0, 3).map((one) => one.outerHTML.slice(0, 160))];
}"""


def what_is_wider(page: Page) -> list[str]:
    """Return that a page is wider than the screen and what sticks out of it, else nothing."""
    return list(page.evaluate(_STICKS_OUT))


def trouble(
    page: Page,
    name: str,
    *,
    sizes: Sequence[ViewportSize] = SCREENS,
    themes: Sequence[Theme] = THEMES,
    within: str = "html",
) -> list[str]:
    """Return all that is wrong with a page; it is left as it was first looked at.

    ``within``: the part to ask axe about, when the rest was looked at before.
    """
    found: list[str] = []
    for theme in themes:
        # What moves without end keeps the browser from looking.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for size in sizes:
            is_first, rules = theme == themes[0], _asked(theme == themes[0], size, sizes)
            if rules is None and not is_first and not os.environ.get("QUENOTTE_SHOTS"):
                # No question is left for this look, and nobody keeps its picture.
                continue
            page.set_viewport_size(size)
            wrong = list(page.evaluate(_SETTLE))
            shot(page, f"{name}-{theme}-{size['width']}")
            wrong += what_is_wider(page) if is_first else []
            if rules is not None:
                wrong += findings(page, rules, within=within)
            found += [f"{theme}, {size['width']}: {one}" for one in wrong]
    page.emulate_media(color_scheme=themes[0], reduced_motion="no-preference")
    page.set_viewport_size(sizes[0])
    return found


def _asked(
    is_first_theme: bool, size: ViewportSize, sizes: Sequence[ViewportSize]
) -> Sequence[str] | None:
    """Return the rules for one look (none named: all of them), or None for no need of axe."""
    if size == sizes[0]:
        return () if is_first_theme else _OF_COLOURS
    is_narrowest = size["width"] == min(one["width"] for one in sizes)
    return _OF_ROOM if is_first_theme and is_narrowest else None
