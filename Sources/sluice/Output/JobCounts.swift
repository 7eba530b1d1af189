import SluiceJSON
import SluiceTypes

/// How many jobs stand in each state, for people.
enum JobCounts {
    /// As in `12 jobs: 3 queued, 9 succeeded`; states without jobs are left out.
    static func text(_ counts: [JobState: Int]) -> String {
        let all = counts.values.reduce(0, +)
        let parts = JobState.allCases.compactMap { state in
            counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        let sum = all == 1 ? "1 job" : "\(all) jobs"
        return parts.isEmpty ? "no jobs" : "\(sum): \(parts.joined(separator: ", "))"
    }

    /// The same, out of an answer's member `jobs`.
    static func text(_ value: JSONValue?) -> String {
        text(
            JobState.allCases.reduce(into: [:]) { counts, state in
                counts[state] = value?[key: state.rawValue]?.integer.map { Int($0) }
            }
        )
    }
}
