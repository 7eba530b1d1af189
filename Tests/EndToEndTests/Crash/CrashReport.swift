import Foundation

/// What a run of the kill loop came to.
struct CrashReport: Sendable {
    var seed: UInt64
    var crashes = 0
    var acknowledged = 0
    var lost = 0
    var changed = 0
    var calledTwice = 0
    var calledTwiceByCrash = 0
    var calls = 0
    var ends: [String: Int] = [:]

    mutating func add(_ other: CrashReport) {
        crashes += other.crashes
        acknowledged += other.acknowledged
        lost += other.lost
        changed += other.changed
        calledTwice += other.calledTwice
        calledTwiceByCrash += other.calledTwiceByCrash
        calls += other.calls
        ends.merge(other.ends) { $0 + $1 }
    }

    var line: String {
        let ended = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "seed \(seed): \(crashes) crashes, \(acknowledged) acknowledged, \(lost) lost, \(changed) changed, "
            + "\(calledTwice) called twice (\(calledTwiceByCrash) of them by a crash); \(ended); \(calls) calls"
    }

    var json: String {
        #"{"seed":\#(seed),"crashes":\#(crashes),"acknowledged":\#(acknowledged),"lost":\#(lost),"changed":\#(changed),"#
            + #""calledTwice":\#(calledTwice),"calledTwiceByCrash":\#(calledTwiceByCrash),"calls":\#(calls)}"#
    }

    /// Adds the line to the file that `SLUICE_CRASH_REPORT` names, if it does.
    func write() throws {
        guard let path = ProcessInfo.processInfo.environment["SLUICE_CRASH_REPORT"] else { return }
        let old = FileManager.default.contents(atPath: path) ?? Data()
        try (old + Data((json + "\n").utf8)).write(to: URL(fileURLWithPath: path))
    }
}
