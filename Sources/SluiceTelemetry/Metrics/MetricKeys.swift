import SluiceStore
import SluiceTypes

struct AcceptedKey: Hashable, Sendable {
    var surface: Surface
    var lane: Lane
}

struct EndedKey: Hashable, Sendable {
    var state: JobState
    var errorClass: ErrorClass?
}

struct AttemptKey: Hashable, Sendable {
    var provider: String
    var outcome: AttemptOutcome
}

/// A provider row and a model of it.
struct ModelKey: Hashable, Sendable {
    var provider: String
    var model: String
}

/// What GenAI's conventions tell calls apart by.
struct InferenceKey: Hashable, Sendable {
    var operation: SluiceTypes.Operation?
    var provider: String
    var requested: String
    var served: String?
    var errorClass: ErrorClass?

    /// In a text: the host of a row, which is among its labels, may change.
    var identity: String {
        [operation?.rawValue, provider, requested, served, errorClass?.rawValue].map { $0 ?? "" }.joined(
            separator: "\n"
        )
    }
}
