import SluiceJSON
import SluiceProvider

/// Collects what is wrong, so that all of it can be said at once.
///
/// A class, because every part of one reading adds to the same list.
final class FaultList {
    private var faults: [(place: Position, fault: ProviderFileError.Fault)] = []

    /// The faults in the order of the text.
    var all: [ProviderFileError.Fault] {
        faults.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }.map(\.fault)
    }

    /// True when `value` has a fault already.
    func contains(_ value: JSONValue) -> Bool {
        faults.contains { $0.place == value.position }
    }

    /// Adds a fault of `value`.
    func add(_ value: JSONValue, _ message: String) {
        let pointer = SecretShape.isLikely(value.pointer) ? "(a name that looks like a secret)" : value.pointer
        faults.append((value.position, .init(message, pointer: pointer, line: value.position.line)))
    }
}

extension JSONValue.Kind {
    /// The kind with its article.
    var noun: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
