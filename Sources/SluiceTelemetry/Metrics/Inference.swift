import SluiceStore
import SluiceTypes

/// What calls of one kind took, by the names of GenAI's conventions.
struct Inference: Sendable {
    var duration = Histogram(Histogram.calls)
    var firstChunk = Histogram(Histogram.calls)
    var perChunk = Histogram(Histogram.brief)
    var input = 0
    var output = 0
    var cacheRead = 0
    var cacheWrite = 0
    var reasoning = 0

    mutating func add(_ ending: AttemptEnding) {
        duration.add(max(.zero, ending.endedAt.since(ending.startedAt)).seconds)
        let sums = ending.entry.map { LedgerSums($0) } ?? LedgerSums()
        if let first = ending.firstByteAt {
            firstChunk.add(max(.zero, first.since(ending.startedAt)).seconds)
            if sums.output > 1, ending.outcome == .ok {
                perChunk.add(max(.zero, ending.endedAt.since(first)).seconds / Double(sums.output - 1))
            }
        }
        input = clamped(input, sums.input)
        output = clamped(output, sums.output)
        cacheRead = clamped(cacheRead, sums.cached)
        cacheWrite = clamped(cacheWrite, sums.cacheWritten)
        reasoning = clamped(reasoning, sums.reasoning)
    }

    private func clamped(_ sum: Int, _ count: Int64) -> Int {
        Int(LedgerSums.add(Int64(sum), max(0, count)))
    }
}
