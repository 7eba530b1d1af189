import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTesting
import Testing

@testable import SluiceHTTP

@Suite
struct ReadinessTests {
    @Test("Readiness comes with the engine, names rows that can't serve, and goes with a stop")
    func ready() async throws {
        let gateway = Gateway()
        try await gateway.with(running: false) { client in
            let answer = try await client.send(.get, "/readyz")
            #expect(answer.status == 503)
            #expect(try await client.send(.get, "/healthz").status == 200)
        }
        let running = Gateway()
        try await running.with(running: true) { client in
            let answer = try await client.send(.get, "/readyz")
            #expect(answer.status == 200)
            let row = try answer.json().root[key: "unavailable"]?[0]
            #expect(row?[key: "provider"]?.string == "keyless")
            #expect(row?[key: "reason"]?.string?.contains("SOME_KEY") == true)
            running.engine.drain()
            #expect(try await client.send(.get, "/readyz").status == 503)
            #expect(try await client.send(.get, "/v1/prompts").status == 200)
        }
    }

    @Test("A store that can't write makes it not ready")
    func storeDown() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            gateway.store.set(outage: .refusing(StoreError(.full, "no room")))
            let answer = try await client.send(.get, "/readyz")
            gateway.store.set(outage: nil)
            #expect(answer.status == 503)
            #expect(try answer.field("detail")?.contains("no room") == true)
        }
    }

    @Test("The store is asked to write at most once a second")
    func cached() async {
        let gateway = Gateway()
        let start = ContinuousClock.now
        let moment = Moment(start)
        let readiness = Readiness(store: gateway.store, uptime: { moment.value })
        #expect(await readiness.trouble() == nil)
        gateway.store.set(outage: .refusing(StoreError(.full, "no room")))
        moment.value = start.advanced(by: .milliseconds(999))
        #expect(await readiness.trouble() == nil)
        moment.value = start.advanced(by: .seconds(1))
        #expect(await readiness.trouble() != nil)
    }
}
