import SluiceProvider
import SluiceTesting
import Testing

extension OutgoingCall {
    fileprivate static func to(_ url: String) -> OutgoingCall {
        OutgoingCall(
            url: url,
            method: "POST",
            headers: [],
            body: [],
            secretHeader: nil,
            policy: EndpointPolicy(),
            timeouts: CallTimeouts(),
            answerLimit: 1000
        )
    }
}

@Suite struct ReplayTransportTests {
    private func collect(_ stream: TransportEvents) async throws -> [TransportEvent] {
        try await stream.reduce(into: []) { $0.append($1) }
    }

    @Test func eachCallGetsItsAnswerAndIsRemembered() async throws {
        let transport = ReplayTransport { call, number in
            .answer(status: number == 1 ? 200 : 503, headers: [], call.url)
        }
        let first = try await collect(transport.send(.to("http://a")))
        let second = try await collect(transport.send(.to("http://b")))
        #expect(
            first == [
                .head(ResponseHead(status: 200, headers: [])), .chunk(Array("http://a".utf8)), .end,
            ]
        )
        #expect(second.first == .head(ResponseHead(status: 503, headers: [])))
        #expect(transport.calls.map(\.url) == ["http://a", "http://b"])
        #expect(transport.cancelled == [])
    }

    @Test func aHeldCallWaitsUntilItIsReleased() async throws {
        let transport = ReplayTransport([ReplayScript([.head(200), .hold, .chunk("x"), .hold])])
        let events = transport.send(.to("http://a")).makeAsyncIterator()
        try await transport.waitForCalls(1)
        #expect(try await events.next() == .head(ResponseHead(status: 200, headers: [])))
        transport.release(1)
        #expect(try await events.next() == .chunk(Array("x".utf8)))
        transport.play(1, .chunk("y"), .end)
        transport.release(1)
        #expect(try await events.next() == .chunk(Array("y".utf8)))
        #expect(try await events.next() == .end)
        #expect(try await events.next() == nil)
    }

    @Test func aFailureIsThrown() async throws {
        let error = TransportError(.reset, requestSent: true, "the connection died")
        let transport = ReplayTransport([ReplayScript([.head(200), .fail(error)])])
        await #expect(throws: error) { try await collect(transport.send(.to("http://a"))) }
        await #expect(throws: TransportError.self) { try await collect(transport.send(.to("http://b"))) }
        #expect(transport.cancelled == [])
    }

    @Test func aReaderThatGivesUpIsNoted() async throws {
        let transport = ReplayTransport([ReplayScript.answer("x").held, .answer("y")])
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await collect(transport.send(.to("http://a"))) }
            try? await transport.waitForCalls(1)
            group.cancelAll()
        }
        try await transport.waitForCancellations(1)
        #expect(transport.cancelled == [1])
        _ = try await collect(transport.send(.to("http://b")))
        #expect(transport.cancelled == [1])
    }
}
