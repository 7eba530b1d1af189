import Dispatch
import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@Suite("An answer that is read elsewhere", .timeLimit(.minutes(1)))
struct RemoteReadingTests {
    /// Runs a call whose answer `remote` reads, on a loop of its own.
    private func call(
        _ remote: Remote,
        stream: Bool = false,
        _ body: @escaping (Rig, LiveCall, Loop) async throws -> Void
    ) async throws {
        let loop = Loop()
        var row = Rig.row()
        row.adapter = RemoteAdapter(remote: remote)
        try await Rig(rows: [row], script: { _, _ in stream ? Rig.stream : Rig.answer }).run { rig in
            let job = rig.request(stream: stream).job
            let request = CallRequest(job: job, commitsFirst: false, onDisconnect: .cancel, executor: loop)
            guard case .live(let call) = await rig.engine.calls.open(request) else { throw Unexpected() }
            try await body(rig, call, loop)
        }
    }

    @Test("comes out as one that is read here", arguments: [false, true])
    func same(stream: Bool) async throws {
        try await call(Remote(), stream: stream) { rig, call, _ in
            guard case .succeeded(let body, _) = await call.end() else { throw Unexpected() }
            #expect(body.isEmpty == stream)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect(job.result?.usage?.units == ["input": 3, "output": 1])
        }
    }

    @Test("does not hold up the loop of the connection that waits for it, however slow its reader is")
    func slow() async throws {
        let remote = Remote(isSlow: true)
        try await call(remote) { _, call, loop in
            await remote.hasBegun.wait()
            // The reader holds its thread; the loop serves others all the same.
            let served = await Task(executorPreference: loop) { Loop.isCurrent }.value
            #expect(served)
            remote.goOn.signal()
            guard case .succeeded = await call.end() else { throw Unexpected() }
            #expect(remote.threads.withLock { $0 }.allSatisfy { $0 == .another })
            #expect(remote.threads.withLock { $0.count } >= 2)
        }
    }

    @Test("may have been paid for when its reader fails")
    func fails() async throws {
        let remote = Remote(fault: AdapterFault(.malformedResponse, "the reader is gone"))
        try await call(remote, stream: true) { rig, call, _ in
            guard case .failed(let failure) = await call.end() else { throw Unexpected() }
            #expect(failure.errorClass == .malformedResponse && failure.message == "the reader is gone")
            #expect(failure.possiblyCharged)
            let job = try #require(try await rig.store.job(call.id, owner: Rig.owner))
            #expect(job.state == .dead && job.possiblyCharged)
            // Nothing is asked of it any more: neither the rest of the answer nor its end.
            #expect(remote.threads.withLock { $0.count } == 2)
            #expect(rig.transport.calls.count == 1)
        }
    }
}

/// Whoever reads: how it goes about it, and what was seen.
private final class Remote: Sendable {
    enum Thread { case loop, another }

    let isSlow: Bool
    let fault: AdapterFault?
    let hasBegun = Signal()
    let goOn = DispatchSemaphore(value: 0)
    let threads = Mutex<[Thread]>([])

    init(isSlow: Bool = false, fault: AdapterFault? = nil) {
        self.isSlow = isSlow
        self.fault = fault
    }

    /// Called at each piece of an answer.
    func work() {
        let isFirst = threads.withLock { threads in
            threads.append(Loop.isCurrent ? .loop : .another)
            return threads.count == 1
        }
        guard isSlow, isFirst else { return }
        hasBegun.fire()
        // Without an end only where the loop itself is held up: then nobody is left to say so.
        _ = goOn.wait(timeout: .now() + 20)
    }
}

/// The chat adapter, but for who reads the answers.
private struct RemoteAdapter: Adapter {
    let remote: Remote

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(OpenAIDialect.call(for: ask, to: "/chat/completions"))
    }

    func reading(for ask: Ask) -> Reading {
        .remote(RemoteReader(inner: OpenAIDialect.exchange(for: ask), remote: remote))
    }
}

private struct RemoteReader: RemoteExchange {
    var inner: OpenAIExchange
    let remote: Remote

    mutating func begin(_ head: ResponseHead) async throws(AdapterFault) -> [ReplyEvent] {
        remote.work()
        return inner.begin(head)
    }

    mutating func feed(_ chunk: [UInt8], last: Bool) async throws(AdapterFault) -> [ReplyEvent] {
        remote.work()
        if let fault = remote.fault { throw fault }
        return inner.feed(chunk, last: last)
    }

    mutating func breakOff() async throws(AdapterFault) -> [ReplyEvent] { inner.breakOff() }
}
