"""Every address that a page or a redirect names exists."""

import re
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

import quenotte

PACKAGE = Path(quenotte.__file__).parent
_IN_TEMPLATES = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']""")
_IN_CODE = re.compile(r"""\b(?:reverse|redirect|reverse_lazy)\(\s*["']([\w:-]+)["']""")
_IN_REGISTRIES = re.compile(r"""url_name=["']([\w:-]+)["']""")


def _names(resolver: URLResolver, prefix: str = "") -> set[str]:
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            names |= _names(pattern, space)
        elif pattern.name:
            names.add(prefix + pattern.name)
    return names


def _used() -> dict[str, str]:
    used: dict[str, str] = {}
    # The provider's site has addresses of its own, and looks at its own.
    files = [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]
    for path in (one for one in files if PACKAGE / "provider" not in one.parents):
        text = path.read_text("utf-8")
        for pattern in (_IN_TEMPLATES, _IN_CODE, _IN_REGISTRIES):
            for name in pattern.findall(text):
                used.setdefault(name, str(path.relative_to(PACKAGE)))
    return used


def test_names_used_resolve() -> None:
    known = _names(get_resolver())
    unknown = {name: where for name, where in _used().items() if name not in known}
    assert unknown == {}
