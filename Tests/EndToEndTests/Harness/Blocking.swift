import Foundation

/// Work that blocks its thread.
enum Blocking {
    /// Runs `body` on a thread of its own, so that none of the few threads that all tests share is held up.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }
}

/// A test's own trouble, as opposed to a failed expectation.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
