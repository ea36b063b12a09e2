"""A private Apache with mod_auth_openidc: own port, own folder, nothing of the system's configuration."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.clients.conftest import wait_for

_PROGRAMS = ("apache2", "httpd")
_MODULES = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")
_LOADED = (
    "mpm_event",
    "unixd",
    "authn_core",
    "authz_core",
    "authz_user",
    "alias",
    "mime",
    "headers",
    "include",
    "auth_openidc",
)
# Distributions differ in what they build in.
_LOAD = """<IfModule !{name}_module>
LoadModule {name}_module {folder}/mod_{name}.so
</IfModule>"""
_NOBODY = "User #65534\nGroup #65534"
_CONFIG = """
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
ServerRoot {folder}
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
Mutex file:{folder}
ErrorLog {folder}/error.log
LogLevel warn auth_openidc:info
DocumentRoot {folder}/pages
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
{modules}
{user}

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {client_secret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRedirectURI {origin}/oidc
OIDCCryptoPassphrase {passphrase}
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCIDTokenSignedResponseAlg {alg}
OIDCRemoteUserClaim name
OIDCCacheType shm
OIDCSessionType server-cache

<Directory {folder}/pages>
    Options +Includes
    Require all granted
</Directory>
<Location /citizen.shtml>
    AuthType openid-connect
    Require valid-user
</Location>
<Location /oidc>
    AuthType openid-connect
    Require valid-user
</Location>
"""


@contextmanager
def apache(port: int, issuer: str, client_id: str, client_secret: str, alg: str) -> Iterator[Path]:
    """Serves until the block ends; yields its log. ``/citizen.shtml`` greets the citizen by name."""
    with TemporaryDirectory() as made:  # pytest's own folders are closed to the user that Apache becomes
        folder = Path(made)
        folder.chmod(0o755)
        config = _write_site(folder, port, issuer, client_id, client_secret, alg)
        with _running(folder, config, port):
            yield folder / "error.log"


def _write_site(folder: Path, port: int, issuer: str, client_id: str, client_secret: str, alg: str) -> Path:
    pages = folder / "pages"
    pages.mkdir()
    (pages / "citizen.shtml").write_text('<!--#echo encoding="none" var="OIDC_CLAIM_name" -->')
    (pages / "bye.html").write_text("bye")
    modules = _module_folder()
    config = folder / "apache.conf"
    config.write_text(
        _CONFIG.format(
            port=port,
            folder=folder,
            origin=f"http://127.0.0.1:{port}",
            issuer=issuer,
            client_id=client_id,
            client_secret=client_secret,
            alg=alg,
            passphrase=os.urandom(16).hex(),
            user=_NOBODY if os.geteuid() == 0 else "",
            modules="\n".join(_LOAD.format(name=name, folder=modules) for name in _LOADED),
        )
    )
    return config


@contextmanager
def _running(folder: Path, config: Path, port: int) -> Iterator[None]:
    said, log = folder / "said.log", folder / "error.log"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [_program(), "-f", str(config), "-DFOREGROUND"], stdout=out, stderr=out, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/bye.html", lambda: said.read_text() + _text(log))
        yield
    finally:
        process.terminate()
        process.wait(20)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _program() -> str:
    for name in _PROGRAMS:
        if path := shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"):
            return path
    pytest.fail("Apache is missing: run `make setup-test`", pytrace=False)


def _module_folder() -> str:
    for folder in _MODULES:
        if Path(folder, "mod_auth_openidc.so").exists():
            return folder
    pytest.fail("Apache's mod_auth_openidc is missing: run `make setup-test`", pytrace=False)
