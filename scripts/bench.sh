#!/usr/bin/env bash
# Measures the release binary on 127.0.0.1: DURATION seconds for each piece, CONNECTIONS of the loaded runs, the most jobs
# stored beforehand, FLAT, and the jobs stored for the runs beside a purge and beside backups, KEPT (0 leaves either out).
# ONLY=sync,stream runs some stages alone. Prints a table; docs/performance.md says how to read it.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=Benchmarks/.build/tools

# The libraries that count are C, and go into another process: by clang, which is beside swift, and not by the package.
build_tools() {
    local swift clang
    swift=$(readlink -f "$(command -v swift)")
    clang=$(dirname "$swift")/clang
    [ -x "$clang" ] || clang=cc
    mkdir -p "$tools"
    for source in Benchmarks/Preload/*.c; do
        "$clang" -std=c17 -O2 -Wall -Wextra -Werror -shared -fPIC -o "$tools/$(basename "$source" .c).so" "$source"
    done
    # Debian's valgrind can't read Swift's debug information.
    strip -o "$tools/sluice-stripped" .build/release/sluice
}

scripts/setup.sh curl nginx-light strace valgrind binutils
swift build --package-path Benchmarks -c release --product sluice-bench >&2
build_tools >&2
exec Benchmarks/.build/release/sluice-bench --server .build/release/sluice --tools "$tools" \
    ${DURATION:+--duration "$DURATION"} ${CONNECTIONS:+--connections "$CONNECTIONS"} \
    ${FLAT:+--flat "$FLAT"} ${KEPT:+--kept "$KEPT"} ${ONLY:+--only "$ONLY"} "$@"
