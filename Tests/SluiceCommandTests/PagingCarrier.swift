import Synchronization

@testable import sluice

/// Answers pages in their order, and is gone when asked for more.
final class PagingCarrier: AdminCarrier {
    private let pages: [String]
    private let state = Mutex<[AdminCall]>([])

    init(_ pages: String...) {
        self.pages = pages
    }

    var calls: [AdminCall] { state.withLock { $0 } }

    func carry(_ call: AdminCall) async throws -> Reply {
        let number = state.withLock { calls in
            calls.append(call)
            return calls.count - 1
        }
        guard number < pages.count else { throw Failure("The server is gone.") }
        return Reply(status: 200, body: Array(pages[number].utf8))
    }
}

extension AdminCall {
    /// The value of a query parameter; nil where it is not given.
    func given(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
