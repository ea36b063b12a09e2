"""The signature of Standard Webhooks, and the addresses that webhooks may go to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ekyc.errors import EkycError
from ekyc.webhooks.address import is_public, require_url
from ekyc.webhooks.signature import headers, secret_of


def test_the_signature_of_a_known_message() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', [secret], at)
    assert made["webhook-timestamp"] == "1614265330"
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_differ_by_endpoint_salt_and_installation() -> None:
    made = {secret_of(key, name, salt) for key in (b"a", b"b") for name in ("x", "y") for salt in ("1", "2")}
    assert len(made) == 8
    assert all(len(secret) == len("whsec_") + 44 for secret in made)


@pytest.mark.parametrize(
    "url", ["https://app.example.vn/hook?x=1", "https://app.example.vn:8443", "https://1.1.1.1/"]
)
def test_addresses_on_the_internet(url: str) -> None:
    require_url(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "app.example.vn",
        "http://app.example.vn/",
        "ftp://app.example.vn/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:secret@app.example.vn/",
        "https://@app.example.vn/",
        "https://app.example.vn/#x",
        "https://app.example.vn/a b",
        "https://app.example.vn/\r\nX: y",
        "https://ứng-dụng.example.vn/",
        "https://app.example.vn:99999/",
        "https://[::1/",
        "https://localhost/",
        "https://db/",
        "https://id.localhost/",
        "https://printer.local./",
        "https://metadata.google.internal/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://app.example.vn/" + "x" * 2000,
    ],
)
def test_attack_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(EkycError) as refused:
        require_url(url, private=False)
    assert refused.value.code == "webhook_url_refused"


def test_private_addresses_where_the_operator_says_so() -> None:
    require_url("http://127.0.0.1:8000/hook", private=True)
    with pytest.raises(EkycError):
        require_url("ftp://127.0.0.1/", private=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd12::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "2001:0:53aa:64c::1",
        "no address",
    ],
)
def test_attack_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.162.4.191", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_outside(address: str) -> None:
    assert is_public(address)
