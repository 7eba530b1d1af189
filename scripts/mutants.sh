#!/usr/bin/env bash
# Leaves out one guard after the other and sees which tests notice; `Sources/SluiceTypes/Promise.swift` lists the guards.
# Takes their names; all of them when none is given. Needs the debug build of the tests. Fails when a guard is not missed.
set -euo pipefail
cd "$(dirname "$0")/.."

bundle=.build/debug/sluicePackageTests.xctest
[ -x "$bundle" ] || { echo "there is no $bundle: run make mutants" >&2; exit 1; }

# Where a guard is expected to be missed: suites are tried in this order until one fails.
declare -A suites=(
    [epoch-fence]="SQLiteConformanceTests"
    [full-flush]="PowerLossTests SQLiteOpeningTests"
    [commit-before-answer]="SQLiteCommitTests PowerLossTests"
    [rerun-singly]="SQLiteCommitTests"
    [idempotency-lookup]="SQLiteConformanceTests"
    [rescue-only-running]="SQLiteConformanceTests"
    [result-written-once]="SQLiteCommitTests"
    [sent-once]="SendOnceTests"
    [stop-after-failed-flush]="SQLiteCommitTests"
    [wal-taken-in-at-start]="SQLiteCheckpointTests"
    [wal-written-anew]="SQLiteCheckpointTests"
    [store-lock]="SQLiteOpeningTests"
    [store-in-place]="SQLiteOpeningTests"
    [owner-fence]="SQLiteConformanceTests"
    [narrowed-tokens]="AuthorizationTests OpenAITests"
    [stored-before-bytes]="LiveCallTests"
    [done-after-commit]="AnswerTellingTests HeldEndTests"
    [finish-after-commit]="HeldEndTests AnswerTellingTests"
    [broken-off-unended]="BrokenOffTests/halfClosed"
    [failure-ends-in-order]="BrokenOffTests/inOrder"
    [one-answer-a-stream]="BrokenOffTests/triedAgain"
    [silence-by-events]="KeepAliveTests"
    [whole-answers]="CallTests"
    [one-row-once-begun]="CallTests"
    [closed-when-left]="CallTests/left"
    [one-heir]="CallerPresenceTests"
    [no-failure-inherited]="CallerPresenceTests CallTests"
    [slow-reader-cut]="SlowReaderTests/behind"
    [preamble-held-back]="AnswerTests"
    [last-request-waits]="CallerTests"
    [answer-drained]="LifetimeTests"
    [unsent-never-counts]="OutageTests"
    [deferred-while-resting]="OutageTests"
    [unknown-goes-nowhere]="CallTests"
    [owners-take-turns]="OwnerTurnTests"
    [shut-by-owner]="BreakerTests WindowTests"
    [window-by-model]="RouterTests"
    [suspicion-refuses-nobody]="RouterTests"
    [payer-of-row]="ForwardedFieldsTests"
    [allowances-of-one-owner]="OpenAITests/allowances"
    [every-name-allowed]="AuthenticationTests"
    [state-of-one-owner]="PoolTests NamedStateTests"
    [foreign-reasoning-cut]="ForeignReasoningTests"
    [history-stays]="ThreadTests"
    [input-as-received]="ThreadTests"
    [charged-key-stays]="SQLiteConformanceTests"
    [superseded-stays-dead]="SQLiteConformanceTests"
    [parent-is-there]="SQLiteConformanceTests"
    [thread-goes-together]="SQLiteConformanceTests"
    [turns-noted]="SQLiteConformanceTests SQLiteTurnTests"
    [turns-forgotten]="SQLiteTurnTests"
    [log-of-this-version]="LogEntryTests"
    [unknown-word-alone]="SQLiteWordTests"
    [numbers-tell-attempt]="BackgroundTests/secondAttempt"
    [responses-of-owner]="BackgroundTests/owners"
    [empty-reason-is-none]="PluginsTests"
    [unknown-counted]="LedgerLineTests"
    [usage-whole]="LedgerLineTests"
    [priced-stays]="SQLiteConformanceTests"
    [posted-once]="SQLiteConformanceTests"
    [repriced-as-seen]="SQLiteConformanceTests"
    [queues-forgotten]="SQLiteCommitTests/queuesOfFailures"
    [told-after-commit]="SQLiteCommitTests/queuesOfFailures"
    [pauses-hold]="PauseTests/queue"
    [names-keep-places]="MetricsTests/bounded"
    [spans-never-wait]="ExportTests/full"
    [reasons-of-router]="FiguresTests/window"
    [counts-forgotten]="SQLiteCommitTests/countsOfFailures"
    [tier-behind-edge]="UnitCostTests VectorTests"
    [charged-once]="UnitCostTests"
    [variants-count]="PricerTests"
    [part-is-approximate]="PricerTests"
    [day-of-start]="SQLiteConformanceTests"
    [hold-taken]="LimitTests/held"
    [hold-released]="PurseTests"
    [windows-go-forward]="PurseTests"
    [each-row-held]="LimitTests/dearerRow"
)

# Guards that each of some surfaces of calls must miss: the tests are then run for one alone.
declare -A surfaces=(
    [finish-after-commit]="chat messages"
    [broken-off-unended]="chat messages"
    [one-answer-a-stream]="chat messages responses"
)

guards=("$@")
if [ ${#guards[@]} -eq 0 ]; then
    mapfile -t guards < <(sed -nE 's/^ *case [A-Za-z]+ = "([a-z-]+)".*/\1/p' Sources/SluiceTypes/Promise.swift)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Runs one suite without a guard, for one surface of calls where a third argument names it; prints the names of the tests that failed, or
# what else ended the run.
noticed_by() {
    local guard=$1 suite=$2 status=0
    SLUICE_WITHOUT=$guard SLUICE_SURFACE=${3:-} SLUICE_POWER_CUTS=40 SLUICE_SEED=1 timeout -k 5 300 \
        "$bundle" --testing-library swift-testing --no-parallel --filter "$suite" >"$log" 2>&1 || status=$?
    [ $status -eq 0 ] && return
    local tests
    tests=$(sed -nE 's/^✘ Test (.*) (failed after|with [0-9]+ test cases? failed).*/\1/p' "$log" | sort -u | head -3)
    echo "${suite}: ${tests:-ended with status $status}"
}

missed=0
for guard in "${guards[@]}"; do
    answer=""
    known=${suites[$guard]:?"$guard is no guard that this script knows"}
    if [ -n "${surfaces[$guard]:-}" ]; then
        # Each of its surfaces has to miss it, in the first of its suites.
        for surface in ${surfaces[$guard]}; do
            answer=$(noticed_by "$guard" "${known%% *}" "$surface")
            [ -n "$answer" ] || break
            answer="$answer ($surface)"
        done
    else
        for suite in $known; do
            answer=$(noticed_by "$guard" "$suite")
            [ -n "$answer" ] && break
        done
    fi
    if [ -n "$answer" ]; then
        printf 'caught    %-24s %s\n' "$guard" "$(echo "$answer" | paste -sd ' ')"
    else
        printf 'SURVIVED  %-24s nothing failed without it\n' "$guard"
        missed=$((missed + 1))
    fi
done
echo "${#guards[@]} guards left out, $((${#guards[@]} - missed)) caught"
exit $((missed > 0))
