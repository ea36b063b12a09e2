"""scripts/setup.sh on machines of every kind: each test gives it a PATH of stand-in commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
TOOLS = (
    "bash",
    "dirname",
    "cat",
    "cut",
    "sed",
    "awk",
    "tr",
    "grep",
    "mktemp",
    "tail",
    "du",
    "rm",
    "env",
    "ls",
    "mkdir",
    "cp",
    "cmp",
)
ALL_INSTALLED = "#!/bin/sh\nprintf installed\n"
NONE_INSTALLED = '#!/bin/sh\ncase "$*" in *Installed-Size*) echo "100 installed";; *) exit 1;; esac\n'


class Machine:
    """A checkout with the set-up scripts, and a PATH that holds only what is put there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        shutil.copytree(SCRIPTS, self.checkout / "scripts")
        clients = self.checkout / "tests/clients"
        clients.mkdir(parents=True)
        (clients / "package-lock.json").write_text("{}")
        self.bin.mkdir()
        for tool in TOOLS:
            if path := shutil.which(tool):
                (self.bin / tool).symlink_to(path)
        self.put("python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        self.put(
            "uv", '#!/bin/sh\n[ "$1" = --version ] && exit 0\n' + self._record("uv") + "mkdir -p .venv/bin\n"
        )
        self.put("node", "#!/bin/sh\n")
        self.put("npm", "#!/bin/sh\n" + self._record("npm") + "mkdir -p node_modules\n")

    def put(self, name: str, script: str) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def _record(self, name: str) -> str:
        return f'echo "{name} $*" >> {self.calls}\n'

    def recording(self, name: str, then: str = "") -> None:
        self.put(name, "#!/bin/sh\n" + self._record(name) + then)

    def run(self, purpose: str = "demo") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "scripts/setup.sh", purpose],
            cwd=self.checkout,
            env={
                "PATH": str(self.bin),
                "HOME": str(self.checkout),
                "LANG": os.environ.get("LANG", "C.UTF-8"),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _debian(machine: Machine, installed: str, user: int = 0) -> None:
    machine.put("dpkg-query", installed)
    machine.recording("apt-get")
    machine.put("apt-cache", "#!/bin/sh\necho '  Candidate: 140.0-1'\n")
    machine.put("id", f"#!/bin/sh\necho {user}\n")


def test_without_apt_it_names_what_to_install(machine: Machine) -> None:
    (machine.bin / "node").unlink()
    done = machine.run("test")
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    for name in ("chromium", "Noto", "OCR-B", "Arimo", "Roboto", "node"):
        assert name.lower() in done.stderr.lower()
    assert machine.called() == []


def test_without_apt_but_with_everything_it_goes_on(machine: Machine) -> None:
    machine.put("chromium", "#!/bin/sh\n")
    machine.put("fc-list", "#!/bin/sh\nprintf 'Noto Sans\\nOCRB\\nArimo\\nRoboto\\n'\n")
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.called() == [
        f"uv sync --quiet --locked --all-packages --all-extras --python {sys.executable}"
    ]


def test_missing_packages_are_told_with_the_reason_and_installed(machine: Machine) -> None:
    _debian(machine, NONE_INSTALLED)
    browser = machine.bin / "chromium"
    machine.recording("apt-get", f'case "$*" in *install*) : > {browser}; chmod +x {browser};; esac\n')
    (machine.bin / "chmod").symlink_to(shutil.which("chmod") or "")
    done = machine.run("test")
    assert done.returncode == 0, done.stderr
    assert "fonts-noto-core: pages and cards need every Vietnamese letter" in done.stdout
    assert "postgresql: " in done.stdout
    update, install, sync, npm = machine.called()
    assert update == "apt-get -q update"
    assert install.startswith("apt-get -q install -y --no-install-recommends fonts-noto-core ")
    assert install.split()[-4:] == [
        "postgresql",
        "apache2-bin",
        "libapache2-mod-auth-openidc",
        "chromium",
    ]
    assert sync.startswith("uv sync")
    assert npm.startswith("npm ci ")
    assert "installed in " in done.stdout


def test_the_demo_does_not_ask_for_what_only_tests_need(machine: Machine) -> None:
    _debian(machine, NONE_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    assert machine.run("demo").returncode == 0
    for unwanted in ("postgresql", "apache2", "npm"):
        assert not [call for call in machine.called() if unwanted in call]


def test_sudo_is_used_when_not_root(machine: Machine) -> None:
    _debian(machine, NONE_INSTALLED, user=1000)
    machine.put("chromium", "#!/bin/sh\n")
    machine.recording("sudo", 'exec "$@"\n')
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert "will be installed with sudo" in done.stdout
    assert machine.called()[0] == "sudo apt-get -q update"


def test_neither_root_nor_sudo_ends_with_the_command_to_run(machine: Machine) -> None:
    _debian(machine, NONE_INSTALLED, user=1000)
    done = machine.run()
    assert done.returncode == 1
    assert "As root, run: apt-get install -y --no-install-recommends fonts-noto-core" in done.stderr
    assert machine.called() == []


def test_it_says_nothing_and_installs_nothing_when_all_is_there(machine: Machine) -> None:
    _debian(machine, ALL_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    (machine.checkout / ".venv/bin").mkdir(parents=True)
    (machine.checkout / ".venv/bin/python").symlink_to(sys.executable)
    packages = machine.checkout / "tests/clients/node_modules"
    packages.mkdir()
    (packages / ".locked").write_text("{}")
    done = machine.run("test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [call.split()[0] for call in machine.called()] == ["uv"]


def test_an_old_python_is_refused_with_the_version_wanted(machine: Machine) -> None:
    machine.put("python3", "#!/bin/sh\nexit 1\n")
    done = machine.run()
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_a_failing_apt_is_quoted(machine: Machine) -> None:
    _debian(machine, NONE_INSTALLED)
    machine.recording("apt-get", 'case "$*" in *install*) echo "E: Unable to fetch"; exit 100;; esac\n')
    done = machine.run()
    assert done.returncode == 1
    assert "E: Unable to fetch" in done.stderr
    assert "could not install: fonts-noto-core" in done.stderr


def test_a_failing_uv_is_explained(machine: Machine) -> None:
    _debian(machine, ALL_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    machine.put(
        "uv", '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "error: no route to host" >&2\nexit 2\n'
    )
    done = machine.run()
    assert done.returncode == 1
    assert "no route to host" in done.stderr
    assert "PyPI" in done.stderr


def test_npm_packages_are_installed_once_by_the_lock_file(machine: Machine) -> None:
    _debian(machine, ALL_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    for _ in range(2):
        assert machine.run("test").returncode == 0
    assert [call.split()[:2] for call in machine.called() if "npm" in call] == [["npm", "ci"]]
    (machine.checkout / "tests/clients/package-lock.json").write_text('{"changed": true}')
    assert machine.run("test").returncode == 0
    assert len([call for call in machine.called() if "npm" in call]) == 2


def test_missing_node_is_told_with_the_reason(machine: Machine) -> None:
    _debian(machine, ALL_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    (machine.bin / "node").unlink()
    done = machine.run("test")
    assert "nodejs: relying parties from npm" in done.stdout
    assert [call for call in machine.called() if "install" in call and " nodejs" in call]


def test_a_failing_npm_is_explained(machine: Machine) -> None:
    _debian(machine, ALL_INSTALLED)
    machine.put("chromium", "#!/bin/sh\n")
    machine.put("npm", "#!/bin/sh\necho 'npm error ENOTFOUND' >&2\nexit 1\n")
    done = machine.run("test")
    assert done.returncode == 1
    assert "ENOTFOUND" in done.stderr
    assert "npm registry" in done.stderr
