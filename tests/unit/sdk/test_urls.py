"""Return addresses stay in the app; the provider is reached over TLS or on the own machine."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from motcham._urls import is_loopback, is_web_origin_url, origin_of, safe_return_to

PIECES = st.sampled_from(
    [
        *"/\\\t\n\r\x00 @?#:[]\u2028\x85\ud800",
        "//",
        "http:",
        "javascript:",
        "evil.example",
        "..",
        ".",
        "%2f",
        "%5c",
        "me",
    ]
)


def as_a_browser_reads(value: str) -> str:
    """WHATWG URL, in what matters here: strip, drop tab and newline, backslash is a slash."""
    kept = value.strip("".join(map(chr, range(0x21))))
    return "".join(c for c in kept if c not in "\t\n\r").replace("\\", "/")


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda p: "/" + "".join(p))))
@example("/\t/evil.example")
@example("/\\evil.example")
def test_whatever_comes_in_the_browser_stays_on_the_origin(value: str) -> None:
    safe = safe_return_to(value)
    assert safe.startswith("/")
    landed = urlsplit(urljoin("https://app.example.vn/motcham/callback", as_a_browser_reads(safe)))
    assert (landed.scheme, landed.netloc) == ("https", "app.example.vn")
    assert safe in ("/", value)
    safe.encode("utf-8")


@pytest.mark.parametrize(
    "value", ["/", "/me", "/me?q=1&r=%2F%2Fx", "/tìm#kết-quả", "/a//b", "/x?next=https://e.vn/"]
)
def test_own_paths_are_kept(value: str) -> None:
    assert safe_return_to(value) == value


@pytest.mark.parametrize(
    "value", [None, "", "me", "//e.vn", "/\\e.vn", "https://e.vn", "/a b", "/" + "x" * 1000]
)
def test_others_become_home(value: str | None) -> None:
    assert safe_return_to(value) == "/"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("Id.LocalHost.", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("localhost.evil.example", False),
        ("evil-localhost", False),
        ("10.0.0.1", False),
        (None, False),
    ],
)
def test_loopback(host: str | None, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://id.example.vn", True),
        ("http://id.localhost:8400/x", True),
        ("http://[::1]:8400", True),
        ("http://id.example.vn", False),
        ("https://user@id.example.vn", False),
        ("https://id.example.vn/#x", False),
        ("https://id.example.vn:port", False),
        ("https://[bad", False),
        ("ftp://id.example.vn", False),
        ("https://", False),
        (None, False),
    ],
)
def test_addresses_of_the_provider(url: object, good: bool) -> None:
    assert is_web_origin_url(url) is good


def test_origin_is_written_as_browsers_do() -> None:
    assert origin_of("https://app.example.vn:443/x") == "https://app.example.vn"
    assert origin_of("http://app.localhost:8501") == "http://app.localhost:8501"
    assert origin_of("http://[::1]:80/") == "http://[::1]"
