import ArgumentParser
import BenchMachine

/// The pieces that a run can be made of.
enum Stage: String, CaseIterable, Codable {
    case accept
    case flush
    case life
    case keep
    case flat
    case sync
    case crowd
    case stream
    case reasoning
    case upload
    case open
    case count
    case messages
    case responses
    case agent
    case rebuild
    case money
    case watch

    static let names = allCases.map(\.rawValue).joined(separator: ",")
}

extension Plan {
    /// - Throws: `ValidationError` naming what there is.
    static func stages(_ text: String) throws -> Set<Stage> {
        try Set(
            text.split(separator: ",").map { name in
                guard let stage = Stage(rawValue: String(name)) else {
                    throw ValidationError("There is no stage \(name): choose from \(Stage.names).")
                }
                return stage
            }
        )
    }
}
