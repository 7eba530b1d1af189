import Logging
import SluiceEngine
import SluiceStore
import SluiceTypes

/// Tells the log of each row that changes its state: once for each change, and what to do where something is to be done.
struct RowWatch {
    let engine: Engine
    let logger: Logger

    /// How often it looks; what comes and goes in between is told by nobody but the attempts.
    private static let interval = Duration.seconds(1)

    /// Watches until the task is cancelled.
    func run() async {
        var known: [String: Set<String>] = [:]
        while (try? await Task.sleep(for: RowWatch.interval)) != nil {
            let seen = Dictionary(engine.rows.map { ($0.name, RowWatch.states(of: $0)) }) { first, _ in first }
            for (row, states) in seen.sorted(by: { $0.key < $1.key }) {
                let before = known[row] ?? []
                for state in states.subtracting(before).sorted() { tell("a row's state has changed", row, state) }
                for state in before.subtracting(states).sorted() { tell("a row's state is over", row, state) }
            }
            known = seen
        }
    }

    private func tell(_ message: Logger.Message, _ row: String, _ state: String) {
        logger.warning(message, metadata: ["row": "\(row)", "state": "\(state)"])
    }

    /// What keeps calls from a row, without the moments, which would make each look another state.
    private static func states(of row: RowStatus) -> Set<String> {
        var states: Set<String> = []
        if let pause = row.pause {
            states.insert("paused by \(pause.actor); `sluice provider resume \(row.name)` ends that")
        }
        // What it lacked from the start was told then.
        if let reason = row.unavailable, row.isSetUp { states.insert(reason) }
        for credential in row.credentials where row.isSetUp {
            if let problem = credential.problem { states.insert("\(credential.slot): \(problem)") }
        }
        if row.awayUntil != nil { states.insert("can't be reached, and is tried again soon") }
        for model in row.models {
            let subject = [model.model, model.credential].compactMap(\.self).joined(separator: " of ")
            let name = subject.isEmpty ? "all models" : subject
            if model.closedUntil != nil { states.insert("\(name): the provider asked to wait") }
            if model.restsUntil != nil {
                let whom = model.owner == nil ? "" : " of one owner"
                states.insert("\(name): its calls\(whom) fail, and it is tried again soon")
            }
        }
        return states
    }
}
