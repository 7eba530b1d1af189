#!/usr/bin/env bash
# Starts the gateway that `make serve` built, and says what to paste into another terminal. PORT, DATA and PROVIDERS may
# be set; so may every SLUICE_… variable that `sluice serve --help` names.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${PORT:-${SLUICE_PORT:-8080}}
data=${DATA:-${SLUICE_DATA:-data}}
providers=${PROVIDERS:-${SLUICE_PROVIDERS:-providers.json}}
sluice=${SLUICE_BINARY:-.build/release/sluice}
token=$PWD/.sluice-token
url=http://127.0.0.1:$port

model=stub-echo
[ -n "${OPENAI_API_KEY:-}" ] && model=gpt-4o-mini

cat <<TEXT

When it says that it is ready, paste this into another terminal to send a prompt:

  ID=\$(curl -s $url/v1/prompts -H "Authorization: Bearer \$(cat '$token')" -H 'Content-Type: application/json' -d '{"type":"chat","model":"$model","prompt":"What is a recipe for a tiramisu?"}' | sed -n 's/.*"id":"\([^"]*\)".*/\1/p'); echo "\$ID"

and this to fetch its answer:

  curl -s -H 'Prefer: wait=30' $url/v1/prompts/\$ID -H "Authorization: Bearer \$(cat '$token')"; echo

Ctrl-C stops it.

TEXT
exec "$sluice" serve --port "$port" --data "$data" --providers "$providers" --first-token "$token"
