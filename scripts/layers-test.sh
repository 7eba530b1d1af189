#!/usr/bin/env bash
# Shows that scripts/layers.sh catches what it is for, on a small tree of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# Writes one file of one import line into a tree that is otherwise right, and says what the check makes of it.
verdict() {
    rm -rf "$tree/Sources" "$tree/Plugins" "$tree/Tests"
    mkdir -p "$tree/Sources/SluiceTypes" "$tree/Sources/SluiceHTTP" "$tree/Plugins/stub/Sources" "$tree/$1"
    echo 'import SluiceTypes' >"$tree/Sources/SluiceHTTP/Routes.swift"
    printf '%s\n' "$2" >"$tree/$1/Tried.swift"
    "$here/layers.sh" "$tree" 2>"$tree/said" && echo allowed || echo refused
}

failed=0
expect() {
    local got
    got=$(verdict "$2" "$3")
    [ "$got" = "$1" ] && return
    echo "layers.sh $got '$3' in $2, but it should be $1" >&2
    cat "$tree/said" >&2
    failed=1
}

expect allowed Sources/SluiceHTTP 'package import SluiceEngine'
expect allowed Sources/SluiceHTTP 'import Hummingbird'
expect allowed Sources/SluiceHTTP '// import SluiceSQLite'
expect allowed Sources/SluiceCurl 'import CCurl'
expect allowed Plugins/stub/Sources 'public import SluiceProvider'
expect refused Sources/SluiceHTTP 'import SluiceSQLite'
expect refused Sources/SluiceHTTP 'import struct SluiceSQLite.SQLiteStore'
expect refused Sources/SluiceHTTP '@testable import SluiceProvider'
expect refused Sources/SluiceHTTP 'internal import SluiceProvider'
expect refused Sources/SluiceEngine 'import SluiceHTTP'
expect refused Sources/SluiceTypes 'import SluiceJSON'
expect refused Sources/SluiceEngine 'import CCurl'
expect refused Sources/SluiceEngine 'import Hummingbird'
expect refused Sources/SluiceTokens 'import GRDB'
expect refused Sources/sluice 'import SluiceTesting'
expect refused Plugins/stub/Sources 'import SluiceStore'
expect allowed Tests/SluiceTesting 'package import SluiceStore'
expect refused Tests/SluiceTesting 'import SluiceEngine'
expect refused Sources/SluiceNew 'import SluiceTypes'
[ $failed -eq 0 ] && echo "layers.sh catches what it should"
exit $failed
