#!/usr/bin/env bash
# Brings this machine to the point where `make demo` and `make test` can run:
# system packages that are missing, uv, the locked Python packages in .venv; for tests those from npm too.
# Usage: scripts/setup.sh [demo|test]      Quick and silent about everything already there.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-demo}"
started=$SECONDS

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# shellcheck source=scripts/setup_system.sh
. scripts/setup_system.sh
# shellcheck source=scripts/setup_python.sh
. scripts/setup_python.sh
# shellcheck source=scripts/setup_node.sh
. scripts/setup_node.sh

python="$(find_python)" || die \
    "Python 3.11 or newer was not found (looked for python3, python3.14 ... python3.11)." \
    "Install it with your system's packages (Debian 12, Ubuntu 24.04 or newer have it as python3) and run this again."

first_install=0
[ -x .venv/bin/python ] || first_install=1

install_system_packages "$purpose" "$python"
uv="$(find_or_install_uv "$python")" || die "uv could not be installed; see the messages above."
sync_environment "$uv" "$python"
check_browser
[ "$purpose" != test ] || sync_node_packages

if [ "$first_install" = 1 ] || [ "${SYSTEM_INSTALLED_KB:-0}" -gt 0 ]; then
    say "installed in $((SECONDS - started)) s: .venv $(du -sm .venv | cut -f1) MB," \
        "system packages $((${SYSTEM_INSTALLED_KB:-0} / 1024)) MB"
fi
