import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// A provider's answer breaks off at any byte: by a broken transport, or as though it were whole.
@Suite("An answer in a format of its own that is cut at any byte", .timeLimit(.minutes(3)))
struct CutFormatTests {
    /// How what comes before the cut ends.
    enum Death: String, CaseIterable {
        /// The connection breaks.
        case reset
        /// Everything on the connection says that this was all.
        case cleanEnd
    }

    private static let pieces = ["Hé", "😀!"]
    private static let text = "Hé😀!"
    private static let formats = [ChatFormat.messages, .responses]
    private static let dead = TransportError(.reset, requestSent: true, "It was reset.")

    /// A row for models whose number is the byte at which its answer is cut.
    private static func gateway(_ format: ChatFormat, _ body: [UInt8], isStream: Bool, _ death: Death) -> Gateway {
        let type = isStream ? "text/event-stream" : "application/json"
        return .held(rows: [row(format)]) { call, _ in
            let model = (try? Document(call.body))?.root[key: "model"]?.string ?? ""
            let count = Int(model.dropFirst(2)) ?? 0
            let head = ReplayScript.Step.head(200, [HeaderField("content-type", type)])
            let part = ReplayScript.Step.event(.chunk(Array(body.prefix(count))))
            return ReplayScript((count > 0 ? [head, part] : [head]) + [death == .reset ? .fail(dead) : .end])
        }
    }

    private static func row(_ format: ChatFormat) -> ProviderRow {
        let messages = AnthropicAdapter(
            Manifest(id: "anthropic-messages", operations: [.chat: "/messages"], formats: [.anthropicMessages])
        )
        let adapter: any Adapter = format == .messages ? messages : Rig.responses
        let requests: Set<RequestFormat> = [format == .messages ? .anthropicMessages : .openAIResponses]
        return Rig.row("up", adapter: adapter, formats: requests, models: ["m-*"], credentials: [], concurrency: 64)
    }

    /// Asks for the answer that is cut behind `count` bytes, and reads all that comes of it.
    private static func ask(
        _ client: Client,
        _ format: ChatFormat,
        _ count: Int,
        isStream: Bool
    ) async throws -> RawAnswer {
        let body = format.request("m-\(count)", isStream: isStream)
        let text = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
            try await raw.send(
                "POST \(format.path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer \(client.token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return await raw.readToEnd()
        }
        return try #require(RawAnswer(text), "\(count): \(text)")
    }

    /// Does it for every number of bytes, several at once.
    private static func each(_ count: Int, _ check: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in 0...count {
                if place >= 16 { try await group.next() }
                group.addTask { try await check(place) }
            }
            try await group.waitForAll()
        }
    }

    private static func job(of answer: RawAnswer, _ gateway: Gateway) async throws -> JobRecord {
        let id = try #require(answer.fields["x-sluice-job"].flatMap { JobID($0) })
        return try #require(await gateway.engine.wait(for: id, owner: nil, atMost: .seconds(30)))
    }

    @Test("never says that it is complete, and its job is dead with what came", arguments: formats, Death.allCases)
    func stream(format: ChatFormat, death: Death) async throws {
        let events = format.events(Self.pieces)
        let body = Array(events.map(\.text).joined().utf8)
        let finish = Self.finish(of: events, format, death)
        try await Self.gateway(format, body, isStream: true, death).with { gateway, client in
            try await Self.each(body.count) { count in
                let answer = try await Self.ask(client, format, count, isStream: true)
                let seen = ChatReading(format, answer.body)
                let job = try await Self.job(of: answer, gateway)
                #expect(job.state == (seen.isSuccess ? .succeeded : .dead), "\(count)")
                if count < finish { #expect(!seen.isSuccess, "\(count)") }
                if count == body.count, death == .cleanEnd { #expect(seen.isSuccess, "\(count): \(answer.body)") }
                guard !seen.isSuccess else {
                    #expect(seen.text == Self.text && answer.isWhole, "\(count): \(answer.body)")
                    #expect(seen.breach == nil, "\(count): \(seen.breach ?? "")")
                    return
                }
                #expect(!seen.hasFinished && job.result == nil && Self.text.hasPrefix(seen.text), "\(count)")
                if answer.status == 200 {
                    #expect(seen.failure?.isEmpty == false, "\(count): \(answer.body)")
                    // A response ends as failed in order, since that is an end which its clients know.
                    #expect(!answer.isWhole || format == .responses, "\(count): \(answer.body)")
                    #expect(seen.breach == nil, "\(count): \(seen.breach ?? "")")
                } else {
                    #expect(answer.status == 502 && answer.isWhole, "\(count): \(answer.status)")
                }
            }
        }
    }

    /// How many bytes there must be before an answer may be whole.
    private static func finish(of events: [ChatFormat.Event], _ format: ChatFormat, _ death: Death) -> Int {
        // On Messages a reason and a clean end are enough; a response is whole by its last event alone.
        let behind = format == .messages && death == .cleanEnd ? 1 : 0
        return events.dropLast(behind).map(\.text).joined().utf8.count - 2
    }

    @Test("and that is not streamed is an error, never 200 with half of it", arguments: formats, Death.allCases)
    func plain(format: ChatFormat, death: Death) async throws {
        let body = Array(format.answer(Self.text).utf8)
        try await Self.gateway(format, body, isStream: false, death).with { gateway, client in
            try await Self.each(body.count) { count in
                let answer = try await Self.ask(client, format, count, isStream: false)
                let job = try await Self.job(of: answer, gateway)
                #expect(job.state == (answer.status == 200 ? .succeeded : .dead), "\(count)")
                if count < body.count { #expect(answer.status == 502 && job.result == nil, "\(count)") }
                if count == body.count, death == .cleanEnd { #expect(answer.status == 200, "\(answer.body)") }
                if answer.status == 200 { #expect(Array(answer.body.utf8) == body, "\(count)") }
            }
        }
    }
}
