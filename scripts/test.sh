#!/usr/bin/env bash
# Runs every test, the proofs, the mutants and what `make serve` prints. Says the minutes of each, and last of all what
# failed, so that whoever sees only the end of a log knows it. Fails above 40 minutes. Needs the debug build of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
# The signs that the tests' lines begin with are no ASCII.
export LC_ALL=C.UTF-8

limit=2400
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Names the suites that take longest, of one run at a time, in minutes.
say_minutes() {
    echo "minutes per suite, those of 6 seconds and more:"
    sed -nE 's/^[✔✘] Suite (.*) (passed|failed) after ([0-9.]+) seconds.*/\3 \1/p' "$log" | sort -rn |
        awk '$1 >= 6 { minutes = $1 / 60; $1 = ""; printf "%7.1f %s\n", minutes, $0 }'
}

# Takes a name and seconds.
say_step() {
    awk -v name="$1" -v seconds="$2" 'BEGIN { printf "%7.1f  %s\n", seconds / 60, name }'
}

# Repeats what the tests recorded, with the lines that explain it; of tests that crashed the last lines.
say_failures() {
    local told
    told=$(awk '/^✘ .* recorded an issue/ { told = 1; print; next } told && /^↳/ { print; next } { told = 0 }' "$log")
    echo "failed:" >&2
    printf '%s\n' "${told:-$(tail -n 20 "$log")}" | cut -c 1-600 | sed -n 1,40p >&2
}

SECONDS=0
SLUICE_WARNINGS_AS_ERRORS=1 swift test --skip-build --no-parallel 2>&1 | tee "$log" || {
    say_minutes
    say_failures
    exit 1
}
say_minutes
say_step "all tests" $SECONDS
for step in proofs mutants serve-test; do
    began=$SECONDS
    "scripts/$step.sh"
    say_step $step $((SECONDS - began))
done
say_step "in all" $SECONDS
[ $SECONDS -le $limit ] || { echo "make test took more than $((limit / 60)) minutes" >&2; exit 1; }
