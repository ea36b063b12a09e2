# shellcheck shell=bash
# Part of setup.sh: the relying parties on Node.js that tests/clients signs citizens in to.

# Node.js comes with npm from most sources, but Debian packs the two apart.
missing_node_packages() {
    command -v node >/dev/null || echo "nodejs:relying parties from npm sign citizens in, in tests/clients"
    command -v npm >/dev/null || echo "npm:it installs those relying parties, by their lock file"
}

# The lock file decides every version; nothing is done where it was installed already.
sync_node_packages() {
    local folder=tests/clients
    cmp -s "$folder/package-lock.json" "$folder/node_modules/.locked" && return 0
    say "installing the locked npm packages into $folder/node_modules"
    (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund) || die \
        "the npm packages could not be installed; the message of npm is above." \
        "Most often the npm registry cannot be reached: check the network and run this again."
    cp "$folder/package-lock.json" "$folder/node_modules/.locked"
}
