# shellcheck shell=bash
# Part of setup.sh: the packages that come from the system, not from PyPI.

# name:why, one a line
BASE_PACKAGES="fonts-noto-core:pages and cards need every Vietnamese letter
fonts-ocr-b:the machine-readable lines of specimen cards are set in OCR-B
fonts-croscore:Arimo, the print of specimen cards
fonts-roboto-unhinted:Roboto, the second typeface of specimen cards
libatomic1:Playwright, which drives the browser, is linked with it"
TEST_PACKAGES="postgresql:every store test also runs on PostgreSQL, on a private port
apache2-bin:a private Apache signs citizens in; the package starts no server of its own
libapache2-mod-auth-openidc:the relying party inside that Apache"

# Prints the path of a Chromium-like browser, or fails. The demo looks for the same names.
find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

package_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# What is missing, as name:why lines. $1 = demo or test, $2 = the Python to be used.
missing_packages() {
    local wanted="$BASE_PACKAGES" line
    if [ "$1" = test ]; then
        wanted="$wanted"$'\n'"$TEST_PACKAGES"
    fi
    while IFS= read -r line; do
        package_installed "${line%%:*}" || printf '%s\n' "$line"
    done <<<"$wanted"
    [ "$1" != test ] || missing_node_packages
    find_browser >/dev/null || echo "chromium:the browser that plays the citizen"
    if ! uv_on_path >/dev/null && ! "$2" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "python3-venv:uv, the Python installer, goes into an environment of its own"
    fi
}

# Without apt nothing can be installed; what can be checked is checked, by command and by font.
report_without_apt() {
    local lacking=""
    find_browser >/dev/null || lacking="$lacking chromium"
    if command -v fc-list >/dev/null; then
        fc-list | grep -q 'Noto Sans' || lacking="$lacking noto-sans-fonts"
        fc-list | grep -qi 'OCR.\?B' || lacking="$lacking ocr-b-font"
        fc-list | grep -q 'Arimo' || lacking="$lacking arimo-font"
        fc-list | grep -q 'Roboto' || lacking="$lacking roboto-font"
    else
        lacking="$lacking fontconfig+fonts(Noto-Sans,OCR-B,Arimo,Roboto)"
    fi
    if [ "$1" = test ] && ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
    then lacking="$lacking postgresql"; fi
    [ "$1" != test ] || lacking="$lacking$(report_missing_clients)"
    [ -z "$lacking" ] || die \
        "this system has no apt-get, so nothing can be installed for you." \
        "Please install these with your package manager, then run this again:$lacking"
}

# Programs of tests/clients that are not there.
report_missing_clients() {
    local name module
    for name in node npm; do
        command -v "$name" >/dev/null || printf ' %s' "$name"
    done
    for module in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules; do
        [ -e "$module/mod_auth_openidc.so" ] && return 0
    done
    printf ' apache+mod_auth_openidc'
}

# Runs a command as root: as is, or through sudo. $SUDO is "" or "sudo".
choose_sudo() {
    SUDO=""
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || die \
        "system packages are missing and neither root nor sudo is at hand." \
        "As root, run: apt-get install -y --no-install-recommends $*"
    SUDO="sudo"
}

installed_kb() {
    # shellcheck disable=SC2016
    dpkg-query -W -f='${Installed-Size} ${db:Status-Status}\n' | awk '$2 == "installed" {s += $1} END {print s + 0}'
}

install_system_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        report_without_apt "$1"
        return 0
    fi
    local missing names before log
    missing="$(missing_packages "$1" "$2")"
    [ -n "$missing" ] || return 0
    names="$(cut -d: -f1 <<<"$missing" | tr '\n' ' ')"
    # shellcheck disable=SC2086
    choose_sudo $names
    say "these system packages are missing and will be installed${SUDO:+ with sudo}:"
    sed 's/^\([^:]*\):/  \1: /' <<<"$missing"
    before="$(installed_kb)"
    log="$(mktemp)"
    $SUDO apt-get -q update >"$log" 2>&1 || { tail -5 "$log" >&2; say "apt-get update failed; trying with the lists at hand"; }
    # Ubuntu has no real chromium package (only one that needs snapd): check_browser deals with that.
    if ! apt_has_chromium; then names="${names//chromium /}"; fi
    # shellcheck disable=SC2086
    if [ -n "${names// /}" ] && ! $SUDO env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends $names >"$log" 2>&1; then
        tail -15 "$log" >&2
        die "apt-get could not install: $names" "The whole output is in $log"
    fi
    rm -f "$log"
    SYSTEM_INSTALLED_KB=$(($(installed_kb) - before))
}

apt_has_chromium() {
    local version
    version="$(apt-cache policy chromium 2>/dev/null | awk '/Candidate:/ {print $2}')"
    [ -n "$version" ] && [ "$version" != "(none)" ] && [[ "$version" != *snap* ]]
}

# After the system packages: the browser must be there by now.
check_browser() {
    find_browser >/dev/null || die \
        "No Chromium was found, and this system's packages have none that can be installed without snap." \
        "Please install chromium or google-chrome and run this again."
}
