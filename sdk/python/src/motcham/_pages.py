"""The HTML that the SDK renders itself: the buttons and one page for errors. No inline script or style."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import Literal

from ._messages import sentences
from .errors import MotChamError

Lang = Literal["vi", "en"]

STYLESHEETS = ("button.css", "page.css")

# for the SDK's own pages: its two style sheets and nothing else
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_RETRY = ("Thử lại", "Try again")
_SIGN_IN = ("Đăng nhập Một Chạm", "Sign in with Một Chạm")
_TITLES = {"access_denied": "Ông/bà đã không đồng ý", "cross_site": "Chưa đăng xuất được"}
_HOME = ("Về trang chính", "Home page")

_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Một Chạm</title>
<link rel="stylesheet" href="{prefix}/motcham/button.css">
<link rel="stylesheet" href="{prefix}/motcham/page.css">
</head>
<body class="motcham-page">
<main>
<h1>{title}</h1>
<p>{vi}</p>
<p lang="en">{en}</p>
<p class="motcham-actions"><a class="motcham-button" href="{retry_url}">{retry}</a>
<a class="motcham-plain" href="{home_url}">{home}</a></p>
<p class="motcham-code">Mã · Code: <code>{code}</code> · <code>{request_id}</code></p>
</main>
</body>
</html>
"""


class Html(str):
    """Text that is HTML already: Jinja2 and MarkupSafe insert it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def sign_in_button(url: str, lang: Lang) -> Html:
    """The link that starts a sign-in, as wide as its text, at least 48 px high."""
    text, attribute = (_SIGN_IN[1], ' lang="en"') if lang == "en" else (_SIGN_IN[0], "")
    return Html(f'<a class="motcham-button" href="{escape(url)}"{attribute}>{escape(text)}</a>')


def sign_out_button(url: str, lang: Lang) -> Html:
    """A one-button form: sign-out changes state, so it is a POST."""
    text, attribute = ("Sign out", ' lang="en"') if lang == "en" else ("Đăng xuất", "")
    return Html(
        f'<form class="motcham-sign-out" method="post" action="{escape(url)}">'
        f'<button type="submit"{attribute}>{text}</button></form>'
    )


def error_page(error: MotChamError, *, retry_url: str, home_url: str, prefix: str) -> str:
    """The page for ``error``: Vietnamese first, English below, what to do next, code and request id."""
    vi, en = sentences(error.code)
    retry = _SIGN_IN if error.status == 401 else _RETRY
    return _PAGE.format(
        title=_TITLES.get(error.code, "Chưa đăng nhập được"),
        vi=escape(vi),
        en=escape(en),
        retry=" · ".join(retry),
        retry_url=escape(retry_url),
        home=" · ".join(_HOME),
        home_url=escape(home_url),
        code=escape(error.code),
        request_id=escape(error.request_id or ""),
        prefix=escape(prefix),
    )


@cache
def stylesheet(name: str) -> str:
    """One of ``STYLESHEETS``."""
    return files(__package__).joinpath("static", name).read_text(encoding="utf-8")
