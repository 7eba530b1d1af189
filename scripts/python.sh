#!/usr/bin/env bash
# Makes the Python that the tests of the clients' protocols need, with what requirements.txt and tables.txt in Tests/python pin,
# and the files of the SDKs' own tests that sources.txt names (in sources/), below .build, once and again when the pins or the
# system's Python change. Prints the interpreter's path and nothing else.
# Ends with 69 where PyPI can't be reached, so that a test can tell this from what is wrong with the pins.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
place=$here/.build/python
pins=$here/Tests/python/requirements.txt
tables=$here/Tests/python/tables.txt
sources=$here/Tests/python/sources.txt
mkdir -p "$here/.build"

# One at a time: two test runs may want it at once.
exec 9>"$here/.build/python.lock"
flock 9

install() { "$place/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }

# Takes out of each source archive what its makers' tests read, and the licence under which that stands.
take_sources() {
    local archive
    "$place/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
        --dest "$place/archives" --requirement "$sources" >&2 || return
    mkdir -p "$place/sources"
    for archive in "$place"/archives/*.tar.gz; do
        tar --extract --gzip --file "$archive" --directory "$place/sources" --wildcards '*/LICENSE' '*/tests/*fixtures/*' || return
    done
    rm -rf "$place/archives"
}

"$here/scripts/setup.sh" python3 python3-venv >&2
wanted=$(python3 --version; cat "$pins" "$tables" "$sources")
if [ "$wanted" != "$(cat "$place/made" 2>/dev/null)" ]; then
    echo "Installing the SDKs of OpenAI and Anthropic and LangChain for the tests, into .build/python" >&2
    rm -rf "$place"
    python3 -m venv "$place" >&2
    # pip tries each request several times by itself; a retry more would only hide for longer that there is no network.
    if ! { install --requirement "$pins" && install --no-deps --requirement "$tables" && take_sources; }; then
        if ! "$place/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --no-cache-dir \
            --dest "$place/probe" openai >&2; then
            rm -rf "$place"
            echo "PyPI can't be reached from here, so the SDKs can't be installed." >&2
            exit 69
        fi
        rm -rf "$place"
        echo "PyPI can be reached, but not all of $pins, $tables and $sources is to be had there." >&2
        exit 1
    fi
    # Last, so that a half-made one is made again.
    printf '%s\n' "$wanted" >"$place/made"
fi
echo "$place/bin/python"
