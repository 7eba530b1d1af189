import SluiceProvider
import SluiceTypes
import Testing

@testable import sluice

@Suite struct ClientTests {
    private struct FailingTransport: Transport {
        let kind: TransportError.Kind

        func send(_ call: OutgoingCall) -> TransportEvents {
            let (events, end) = TransportEvents.make(giveUp: {}, drain: {})
            end.finish(throwing: TransportError(kind, requestSent: false, "Reason."))
            return events
        }
    }

    private static let cases: [(TransportError.Kind, String)] = [
        (.refused, "can't be"), (.answerTooLarge, "too large"), (.connect, "did not answer"),
    ]

    @Test(arguments: cases)
    func aFailedCallIsBlamedOnWhatIsToBlame(kind: TransportError.Kind, words: String) async throws {
        let transport = FailingTransport(kind: kind)
        let prompts = PromptClient(url: "http://h", token: Secret("t"), transport: transport)
        let carrier = SocketCarrier(socket: AdminSocket(directory: "/nowhere"), transport: transport)
        let calls: [() async throws -> Void] = [
            { _ = try await prompts.send("GET", ["v1", "prompts"]) },
            { _ = try await AdminClient(carrier: carrier).send(.get("status")) },
        ]
        for call in calls {
            let error = await #expect(throws: Failure.self) { try await call() }
            #expect(error?.sentence.contains(words) == true && error?.sentence.contains("Reason.") == true)
        }
    }
}
