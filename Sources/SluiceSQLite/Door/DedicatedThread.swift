import Foundation
import SluiceStore

/// Runs `body` on a thread of its own, which ends with it.
///
/// SQLite waits for the disk and for locks; on the cooperative pool that would stop everybody's tasks.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.start()
}

/// What `body` comes to on a thread of its own.
///
/// - Throws: what `body` throws.
func onThread<Answer: Sendable>(
    named name: String,
    _ body: @escaping @Sendable () throws(StoreError) -> Answer
) async throws(StoreError) -> Answer {
    let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
        startThread(named: name) {
            continuation.resume(returning: Result { () throws(StoreError) in try body() })
        }
    }
    return try result.get()
}
