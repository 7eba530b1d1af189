import Foundation

/// Runs `body` on a thread of its own, which ends with it.
///
/// SQLite waits for the disk and for locks; on the cooperative pool that would stop everybody's tasks.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.start()
}
