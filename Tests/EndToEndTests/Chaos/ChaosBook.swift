import Foundation
import Synchronization

/// What providers and callers note while a run lasts, by one clock.
final class ChaosBook: Sendable {
    private struct State {
        var calls: [ChaosCall] = []
        var jobs: [String: ChaosJob] = [:]
        /// The jobs of each owner that nobody has seen ended, in the order in which they were taken.
        var open: [Int: [String]] = [:]
        var answers: [ChaosAnswer] = []
        var faults: [ChaosVerdict.Fault] = []
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    /// The same moment by the wall clock, in seconds.
    private let beganAt = Date().timeIntervalSince1970

    /// How long the run has lasted.
    var now: Duration { began.duration(to: .now) }

    /// A moment of the wall clock, counted from the run's beginning.
    func moment(of date: Date) -> Duration { .seconds(date.timeIntervalSince1970 - beganAt) }

    /// Returns when the run has lasted for so long.
    func sleep(until moment: Duration) async throws {
        try await Task.sleep(until: began + moment, clock: .continuous)
    }

    var calls: [ChaosCall] { state.withLock { $0.calls } }
    var jobs: [ChaosJob] { state.withLock { Array($0.jobs.values) } }
    var answers: [ChaosAnswer] { state.withLock { $0.answers } }
    var faults: [ChaosVerdict.Fault] { state.withLock { $0.faults } }

    func note(_ call: ChaosCall) { state.withLock { $0.calls.append(call) } }
    func note(_ answer: ChaosAnswer) { state.withLock { $0.answers.append(answer) } }

    func note(_ kind: ChaosVerdict.Kind, _ prompt: Int, _ sentence: String) {
        state.withLock { $0.faults.append(ChaosVerdict.Fault(kind: kind, prompt: prompt, sentence: sentence)) }
    }

    /// A prompt was taken under this id.
    func acknowledge(_ prompt: ChaosPrompt, id: String) {
        let now = now
        state.withLock { state in
            state.jobs[id] = ChaosJob(id: id, prompt: prompt.number, takenAt: now)
            state.open[prompt.owner, default: []].append(id)
        }
    }

    /// How many jobs of an owner are not known to have ended, and the oldest of them.
    func open(of owner: Int) -> (count: Int, oldest: String?) {
        state.withLock { ($0.open[owner]?.count ?? 0, $0.open[owner]?.first) }
    }

    /// All that are not known to have ended.
    var open: [(owner: Int, id: String)] {
        state.withLock { state in state.open.flatMap { owner, ids in ids.map { (owner, $0) } } }
    }

    /// A job was seen ended.
    func close(_ id: String, of owner: Int) {
        state.withLock { $0.open[owner]?.removeAll { $0 == id } }
    }
}
