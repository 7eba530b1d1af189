#!/usr/bin/env bash
# Measures the release binary on 127.0.0.1: DURATION seconds for each piece, CONNECTIONS of the loaded runs, the most jobs
# stored beforehand, FLAT, and the jobs stored for the runs beside a purge and beside backups, KEPT (0 leaves either out).
# Prints a table; docs/performance.md says how to read it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh nginx-light strace
swift build --package-path Benchmarks -c release --product sluice-bench >&2
exec Benchmarks/.build/release/sluice-bench --server .build/release/sluice \
    ${DURATION:+--duration "$DURATION"} ${CONNECTIONS:+--connections "$CONNECTIONS"} \
    ${FLAT:+--flat "$FLAT"} ${KEPT:+--kept "$KEPT"} "$@"
