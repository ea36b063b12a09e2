"""Renders Jinja pages inside the province's frame."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from motcham.fastapi import MotCham
from starlette.requests import Request
from starlette.responses import HTMLResponse

from examples.province.text import Text, show_date, show_time

HERE = Path(__file__).parent


class Pages:
    """Pages of one app. ``folder`` holds its ``templates/`` and ``messages/``."""

    def __init__(self, folder: Path, motcham: MotCham) -> None:
        self.text = Text(HERE / "messages", folder / "messages")
        self.motcham = motcham
        self.jinja = Environment(
            loader=FileSystemLoader([folder / "templates", HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self, request: Request, template: str, *, status: int = 200, **context: object
    ) -> HTMLResponse:
        """The page in the citizen's language; ``context`` goes to the template as it is."""
        language = request.state.language
        shown = {
            "t": partial(self.text, language),
            "lang": language,
            "switch_url": _with_language(request, "en" if language == "vi" else "vi"),
            "path": request.url.path,
            "csrf": request.state.csrf,
            "request_id": request.state.request_id,
            "date": partial(show_date, language=language),
            "time": partial(show_time, language=language),
            "sign_in": partial(self.motcham.button, lang=language),
            "sign_in_below": False,
            "citizen": self.motcham.citizen(request),
        }
        page = self.jinja.get_template(template).render(shown | context)
        # Set here as well as by the middleware, which the page for 500 does not pass.
        headers = request.state.security_headers | {"X-Request-ID": request.state.request_id}
        return HTMLResponse(page, status, headers=headers)

    def choices(self, request: Request, prefix: str, names: Iterable[str]) -> list[tuple[str, str]]:
        """(value, sentence ``prefix.value``) for each of ``names``, in the citizen's language."""
        return [(name, self.text(request.state.language, f"{prefix}.{name}")) for name in names]


def _with_language(request: Request, language: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"/{request.url.path.lstrip('/')}?{urlencode([*kept, ('lang', language)])}"
