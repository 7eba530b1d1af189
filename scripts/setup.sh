#!/usr/bin/env bash
# Installs what a build needs and this machine lacks: the C libraries that Sluice links, and the packages named as
# arguments. Says so first, and asks for root only when something is missing.
set -euo pipefail

packages=(libcurl4-openssl-dev libjansson-dev libsqlite3-dev zlib1g-dev libzstd-dev pkg-config)
if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian or Ubuntu. Install the development files of libcurl, jansson, SQLite, zlib and zstd, then run make again." >&2
    exit 0
fi
missing=()
for package in "${packages[@]}" "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing from the system's packages: ${missing[*]}" >&2
root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "Not root, and no sudo here. As root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    root=(sudo)
fi
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
