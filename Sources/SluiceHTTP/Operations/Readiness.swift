import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceStore
import Synchronization

/// Whether the store can write, asked at most once a second.
final class Readiness: Sendable {
    private struct Probe {
        var at: ContinuousClock.Instant
        var trouble: String?
    }

    private let store: any Store
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private let last = Mutex<Probe?>(nil)

    init(store: any Store, uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.store = store
        self.uptime = uptime
    }

    /// Why the store can't write; nil when it can.
    func trouble() async -> String? {
        let moment = uptime()
        if let last = last.withLock({ $0 }), last.at.duration(to: moment) < .seconds(1) { return last.trouble }
        var trouble: String?
        do throws(StoreError) {
            try await store.checkWritable()
        } catch {
            trouble = "the store can't write: \(error.message)"
        }
        last.withLock { $0 = Probe(at: moment, trouble: trouble) }
        return trouble
    }
}

extension PromptAPI {
    /// `GET /healthz`: the process lives.
    func health() -> Response {
        .json(.ok, Array(#"{"status":"ok"}"#.utf8))
    }

    /// `GET /readyz`: prompts are taken and answered now; rows that can't serve are named either way.
    func ready() async -> Response {
        let reason = await unreadiness()
        let closed = engine.rows.filter { $0.unavailable != nil }
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                if let reason {
                    writer.member("type", "urn:sluice:problem:not-ready")
                    writer.member("title", "Service Unavailable")
                    writer.member("status", 503)
                    writer.member("detail", reason)
                } else {
                    writer.member("status", "ready")
                }
                writer.member(
                    "unavailable",
                    array: { writer in
                        for row in closed {
                            writer.object { writer in
                                writer.member("provider", row.name)
                                writer.member("reason", row.unavailable)
                            }
                        }
                    }
                )
            }
        }
        return reason == nil
            ? .json(.ok, body) : .json(.serviceUnavailable, body, type: "application/problem+json")
    }

    private func unreadiness() async -> String? {
        if engine.isDraining { return "the gateway is stopping" }
        guard engine.isReady else { return "the gateway is starting" }
        return await readiness.trouble()
    }
}
