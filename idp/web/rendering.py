"""Pages from templates, and the addresses of static files in them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from idp.web import i18n
from idp.web.static_files import VERSION

_HERE = Path(__file__).parent


@cache
def static_url(path: str) -> str:
    """Changes with the file; modules of a folder import each other, so they change together."""
    file = _HERE / "static" / path
    if "/" not in path:
        return f"/static/{path}?v={_digest(file)}"
    return f"/static/{VERSION}{_digest(*sorted(file.parent.iterdir()))}/{path}"


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def module_urls(folder: str) -> list[str]:
    """Every module of a folder, so that a page can ask for all of them at once."""
    return [static_url(f"{folder}/{file.name}") for file in sorted((_HERE / "static" / folder).glob("*.js"))]


def render(template: str, locale: str, **context: Any) -> str:
    from idp.web.templating import environment  # a tenth of the start

    page = environment(locale).get_template(template)
    return page.render(locale=locale, static=static_url, modules=module_urls, **context)


def warm_up() -> None:
    from idp.web.templating import environment

    for locale in i18n.LOCALES:
        environment(locale).get_template("sign_in.html")


def render_bare(template: str, **context: Any) -> str:
    """A page outside of any citizen's visit."""
    return render(template, i18n.LOCALES[0], **context)
