import Logging
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Synchronization

/// Two clocks that move when a test says so.
final class Clocks: Sendable {
    private let state = Mutex((wall: Timestamp(milliseconds: 1_800_000_000_000), uptime: ContinuousClock.now))

    var now: Timestamp { state.withLock { $0.wall } }
    var uptime: ContinuousClock.Instant { state.withLock { $0.uptime } }

    func advance(_ duration: Duration) {
        state.withLock { state in
            state.wall = state.wall.adding(duration)
            state.uptime = state.uptime.advanced(by: duration)
        }
    }
}

/// A token service over a store in memory.
struct Bench: Sendable {
    let store = MemoryStore()
    let clocks = Clocks()
    let service: TokenService

    init() {
        service = Bench.service(store, clocks)
    }

    /// Another service over the same store, as another process would have.
    static func service(_ store: MemoryStore, _ clocks: Clocks) -> TokenService {
        TokenService(
            store: store,
            now: { clocks.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            uptime: { clocks.uptime }
        )
    }

    func check(_ issued: IssuedToken) async -> Authentication {
        await service.authenticate(header: "Bearer " + issued.text.reveal { $0 })
    }

    func create(_ name: String = "app") async throws -> IssuedToken {
        try await service.create(TokenOrder(name: name), actor: "operator")
    }
}

extension Authentication {
    var caller: Caller? {
        if case .caller(let caller) = self { return caller }
        return nil
    }
}

let outage = MemoryStore.Outage.refusing(StoreError(.unavailable, "the store is away"))
