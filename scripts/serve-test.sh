#!/usr/bin/env bash
# Shows that what `make serve` prints works when it is pasted: twice, and with the token's file gone. Takes the program,
# so that the debug build that the tests made serves as well.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
sluice=$here/${1:-.build/debug/sluice}
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true; rm -rf "$place"' EXIT

fail() {
    echo "make serve: $1" >&2
    cat "$place/said" "$place/log" >&2
    exit 1
}

# A copy of the tree as far as the script needs one, so that no data directory of yours is touched.
mkdir -p "$place/tree/scripts"
cp "$here/scripts/serve.sh" "$place/tree/scripts/"
cp "$here/providers.json" "$place/tree/"
unset OPENAI_API_KEY
cd "$place/tree"

start() {
    mkfifo "$place/said.pipe"
    PORT=$port SLUICE_BINARY=$sluice scripts/serve.sh >"$place/said.pipe" 2>"$place/log" &
    server=$!
    : >"$place/said"
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$place/said"
        [[ "$line" == *"is ready on"* ]] && break
    done <"$place/said.pipe"
    rm "$place/said.pipe"
    grep -q 'is ready on' "$place/said" || fail "it did not become ready"
}

stop() {
    kill -TERM "$server"
    wait "$server" || fail "it ended with $?"
    server=
}

paste() {
    local first second answer
    first=$(grep -m1 '^  ID=' "$place/said") || fail "no first command was printed"
    second=$(grep -m1 '^  curl' "$place/said") || fail "no second command was printed"
    answer=$(cd / && bash -c "$first"$'\n'"$second")
    grep -q '"status":"succeeded"' <<<"$answer" || fail "the pasted commands answered: $answer"
}

port=$(( 20000 + RANDOM % 20000 ))
start
paste
[ "$(stat -c %a .sluice-token)" = 600 ] || fail "the token's file is open to others"
[ "$(stat -c %a data)" = 700 ] || fail "the data directory is open to others"
stop
start
paste
stop
rm .sluice-token
start
grep -q 'token create' "$place/log" || fail "it does not say how to make a token"
stop
grep -qx '/.sluice-token' "$here/.gitignore" || fail ".sluice-token is not ignored by git"
echo "make serve prints what works"
