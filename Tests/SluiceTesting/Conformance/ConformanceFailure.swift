/// A promise that a store broke.
package struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    package var message: String
    package var fileID: String
    package var line: Int

    init(_ message: String, _ fileID: String, _ line: Int) {
        self.message = message
        self.fileID = fileID
        self.line = line
    }

    package var description: String { "\(fileID):\(line): \(message)" }
}

/// Holds the store to a promise.
///
/// - Throws: ``ConformanceFailure`` with `message` when `condition` is false.
func expect(
    _ condition: Bool,
    _ message: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    guard !condition else { return }
    throw ConformanceFailure(message(), fileID, line)
}

/// Holds the store to an exact answer.
///
/// - Throws: ``ConformanceFailure`` that tells both when they differ.
func expectEqual<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    _ what: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    guard actual != expected else { return }
    throw ConformanceFailure("\(what()) is \(actual), and should be \(expected)", fileID, line)
}
