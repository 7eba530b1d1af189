#!/usr/bin/env bash
# Checks, from the import lines, that each room uses only the rooms that docs/architecture.md lets it use. The compiler
# checks the same against Package.swift; this checks Package.swift's own freedom. Takes the directory to look at.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

# A room, and the rooms of ours it may import. Modules that are not ours are no matter of this table, except the doors.
declare -A may=(
    [CCurl]=""
    [CJansson]=""
    [CCodings]=""
    [CMalloc]=""
    [CPrices]=""
    [SluiceTypes]=""
    [SluiceJSON]="CJansson"
    [SluiceCodings]="CCodings"
    [SluiceMoney]="SluiceTypes SluiceJSON CPrices"
    [SluiceStore]="SluiceTypes SluiceJSON"
    [SluiceProvider]="SluiceTypes SluiceJSON SluiceMoney"
    [SluiceSQLite]="SluiceTypes SluiceJSON SluiceStore"
    [SluiceDialects]="SluiceTypes SluiceJSON SluiceProvider"
    [SluiceCurl]="SluiceTypes SluiceJSON SluiceProvider CCurl"
    [SluiceCatalogue]="SluiceTypes SluiceJSON SluiceMoney SluiceProvider"
    [SluiceConformance]="SluiceTypes SluiceJSON SluiceProvider"
    [SluiceTokens]="SluiceTypes SluiceJSON SluiceStore"
    [SluiceEngine]="SluiceTypes SluiceJSON SluiceMoney SluiceStore SluiceProvider"
    [SluiceHTTP]="SluiceTypes SluiceJSON SluiceCodings SluiceMoney SluiceStore SluiceDialects SluiceEngine SluiceTokens"
    [SluiceTelemetry]="SluiceTypes SluiceJSON SluiceCodings SluiceStore SluiceProvider SluiceEngine"
    [sluice]="SluiceTypes SluiceJSON SluiceMoney SluiceStore SluiceProvider SluiceSQLite SluiceCurl SluiceCatalogue
        SluiceTokens SluiceEngine SluiceHTTP SluiceTelemetry CMalloc adapters"
)
adapter="SluiceTypes SluiceJSON SluiceProvider SluiceDialects"
testing="SluiceTypes SluiceJSON SluiceStore SluiceProvider"
rig="SluiceTypes SluiceJSON SluiceMoney SluiceStore SluiceProvider SluiceDialects SluiceEngine SluiceTesting"

# Modules that belong to one room alone, so that no other learns their names.
declare -A only=([GRDB]="SluiceSQLite" [Hummingbird]="SluiceHTTP" [HummingbirdCore]="SluiceHTTP")

failed=0
complain() {
    echo "$1" >&2
    failed=1
}

# The modules that the files below a folder import, one a line, whatever stands before or after the keyword.
imports() {
    find "$1" -name '*.swift' -exec sed -nE \
        's/^ *(@[A-Za-z_]+(\([^)]*\))? +)*((public|package|internal|fileprivate|private) +)?import +((struct|class|enum|protocol|func|var|let|typealias) +)?([A-Za-z_][A-Za-z_0-9]*).*/\7/p' \
        {} + | sort -u
}

check() {
    local room=$1 folder=$2 allowed=" $(echo $3) " module
    while read -r module; do
        [ -n "$module" ] || continue
        if [ -n "${only[$module]:-}" ] && [ "${only[$module]}" != "$room" ]; then
            complain "$folder imports $module, which belongs to ${only[$module]} alone"
        fi
        case $module in
            Sluice* | sluice | CCurl | CJansson | CCodings | CMalloc | CPrices | *Adapter | LoopbackProvider) ;;
            *) continue ;;
        esac
        [[ $module == *Adapter && "$allowed" == *" adapters "* ]] && continue
        [[ "$allowed" == *" $module "* ]] || complain "$folder imports $module, which docs/architecture.md does not allow"
    done < <(imports "$folder")
}

for folder in Sources/*/; do
    room=$(basename "$folder")
    if [ -n "${may[$room]+known}" ]; then
        check "$room" "${folder%/}" "${may[$room]}"
    else
        complain "${folder%/} is a room that scripts/layers.sh does not know: add it to the table, and to docs/architecture.md"
    fi
done
for folder in Plugins/*/Sources; do
    [ -d "$folder" ] && check adapter "$folder" "$adapter"
done
[ ! -d Tests/SluiceTesting ] || check testing Tests/SluiceTesting "$testing"
[ ! -d Tests/SluiceRig ] || check rig Tests/SluiceRig "$rig"
exit $failed
