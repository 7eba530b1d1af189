#!/usr/bin/env bash
# Shows that what must not be written does not compile: each text compiles with its proof and not without it. Needs the
# debug build.
set -euo pipefail
cd "$(dirname "$0")/.."

modules=.build/debug/Modules
[ -e "$modules/SluiceStore.swiftmodule" ] || { echo "there is no debug build: run make build-tests" >&2; exit 1; }
# The compiler takes a file for one of this package by the name that the build gave it.
package=$(tr -d '\n' <.build/debug.yaml |
    grep -o '"-module-name","SluiceStore"[^]]*"-package-name","[^"]*"' | head -1 | sed 's/.*"\(.*\)"$/\1/')
[ -n "$package" ] || { echo "the build names no package" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

compiles() {
    printf 'import SluiceStore\nimport SluiceTypes\n%s\n' "$1" >"$folder/Tried.swift"
    # As far as the checks of what is used up, which come after the types'.
    swiftc -emit-sil -o "$folder/tried.sil" -swift-version 6 -package-name "$package" -I "$modules" -I Sources/CJansson \
        "$folder/Tried.swift" >"$folder/said" 2>&1
}

failed=0
# Takes a name, a text, and the two ways to fill its place @: with the proof and without.
proof() {
    if ! compiles "${2//@/$3}"; then
        echo "BROKEN    $1: it does not compile with its proof either" >&2
        cat "$folder/said" >&2
        failed=1
    elif compiles "${2//@/$4}"; then
        echo "SURVIVED  $1: it compiles without its proof" >&2
        failed=1
    else
        echo "caught    $1"
    fi
}

job='func make(_ caller: Caller, _ facts: JobFacts) throws -> NewJob {
    NewJob(@ id: facts.id, terms: facts.terms, createdAt: facts.createdAt, fingerprint: [], input: JobInput(body: []))
}'
proof "a new job that nobody allowed" "$job" 'try caller.allow(.chat, model: "m", aliases: ModelAliases()),' ''
proof "a new job of whoever is named" "$job" 'try caller.allow(.chat, model: "m", aliases: ModelAliases()),' \
    'AllowedRoute(owner: facts.owner, token: caller.token, operation: .chat, route: ModelRoute("m")),'

claim='func settle(_ claim: consuming Claim, in store: any CallStore, at now: Timestamp) async {
    _ = await store.release(claim, at: now)
    @
}'
proof "a claim that is settled twice" "$claim" '' '_ = await store.release(claim, at: now)'

exit $failed
