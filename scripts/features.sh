#!/usr/bin/env bash
# Checks that every upcoming feature named in Package.swift exists: the compiler accepts a misspelt one in silence.
set -euo pipefail

known=$(swiftc -print-supported-features | sed -n 's/.*"name": "\([A-Za-z]*\)".*/\1/p')
failed=0
for name in $(sed -n 's/.*enable\(Upcoming\|Experimental\)Feature("\([^"]*\)").*/\2/p' Package.swift); do
    grep -qx "$name" <<<"$known" || {
        echo "Package.swift: the compiler knows no feature named $name" >&2
        failed=1
    }
done
exit $failed
