import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceDialects

@Suite("An answer through the hub")
struct HubStreamTests {
    private let head = HubHead(id: "resp_1", model: "m", created: 1_790_000_000)
    private let usage = SpelledJSON(bytes: Array(#"{"input_tokens":1,"output_tokens":2}"#.utf8)[...])

    private func read(_ events: [SSEDecoder.Event], _ format: RequestFormat) -> [HubEvent] {
        switch format {
        case .anthropicMessages:
            var reader = MessagesStreamReader()
            return events.flatMap { reader.take($0) }
        case .openAIResponses:
            var reader = ResponsesStreamReader()
            return events.flatMap { reader.take($0) }
        default:
            var reader = ChatStreamReader()
            return events.flatMap { reader.take($0) }
        }
    }

    private func decode(_ pieces: [[UInt8]]) -> [SSEDecoder.Event] {
        var decoder = SSEDecoder()
        let events = pieces.flatMap { decoder.feed($0) }
        return events + (decoder.finish().map { [$0] } ?? [])
    }

    private func read(_ body: [UInt8], _ format: RequestFormat) -> [HubEvent] { read(decode([body]), format) }

    private func write(_ events: [HubEvent], _ format: RequestFormat) -> [SSEDecoder.Event] {
        switch format {
        case .anthropicMessages:
            var writer = MessagesStreamWriter(head)
            return writer.begin(usage: usage) + events.flatMap { writer.take($0) } + writer.end(usage: usage)
        case .openAIResponses:
            var writer = ResponsesStreamWriter(head)
            let first = writer.begin()
            return first + events.flatMap { writer.take($0) } + writer.end(usage: usage)
        default:
            var writer = ChatStreamWriter(head)
            return writer.begin() + events.flatMap { writer.take($0) } + writer.end(usage: usage)
        }
    }

    private func answer(_ body: [UInt8], _ format: RequestFormat) throws -> HubAnswer {
        let root = try Document(body).root
        return switch format {
        case .anthropicMessages: MessagesRendering.answer(root)
        case .openAIResponses: ResponsesRendering.answer(root)
        default: ChatRendering.answer(root)
        }
    }

    private func object(_ answer: HubAnswer, _ format: RequestFormat) -> [UInt8] {
        switch format {
        case .anthropicMessages: MessagesRendering.object(of: answer, head, usage: usage)
        case .openAIResponses: ResponsesRendering.object(of: answer, head, usage: usage)
        default: ChatRendering.object(of: answer, head, usage: usage)
        }
    }

    private func built(_ events: [HubEvent]) -> HubAnswer {
        var builder = HubAnswerBuilder()
        for event in events { builder.take(event) }
        return builder.answer
    }

    /// Pieces of one block that follow each other as one.
    private func joined(_ events: [HubEvent]) -> [HubEvent] {
        events.reduce(into: []) { all, event in
            guard case .delta(let index, let bytes) = event, case .delta(index, let known)? = all.last else {
                return all.append(event)
            }
            all[all.count - 1] = .delta(index: index, known + bytes)
        }
    }

    /// Pieces may have halves of an escaped character.
    private func document(_ event: SSEDecoder.Event) throws -> Document {
        try Document(indexing: event.data, limits: JSONLimits(isLenient: true))
    }

    /// In the order in which a whole chat answer has its parts, which is the only one that it has.
    private func chatOrder(_ parts: [HubPart]) -> [HubPart] {
        let ranks = parts.map { part in
            switch part.content {
            case .reasoning(let reasoning): reasoning.opaque == nil ? 0 : 1
            case .refusal: 3
            case .call: 4
            default: 2
            }
        }
        return (0...4).flatMap { rank in zip(parts, ranks).filter { $0.1 == rank }.map(\.0) }
    }

    @Test("is what its outline says", arguments: HubFixture.all(.stream))
    func outline(fixture: HubFixture) {
        #expect(HubOutline.of(read(fixture.body, fixture.format)) == fixture.outline)
    }

    @Test("is the same wherever its bytes are cut", arguments: HubFixture.all(.stream))
    func cuts(fixture: HubFixture) {
        let whole = decode([fixture.body])
        for cut in 0...fixture.body.count {
            // Readers see events alone: where these are the same, so is what comes of them.
            let events = decode([Array(fixture.body[..<cut]), Array(fixture.body[cut...])])
            guard events != whole else { continue }
            #expect(read(events, fixture.format) == read(whole, fixture.format), "cut after byte \(cut)")
        }
        #expect(read(decode(fixture.body.map { [$0] }), fixture.format) == read(whole, fixture.format))
    }

    @Test("comes back in its own format as the same events", arguments: HubFixture.all(.stream))
    func roundTrip(fixture: HubFixture) throws {
        let events = read(fixture.body, fixture.format)
        let written = write(events, fixture.format)
        for event in written where event.data != Array("[DONE]".utf8) { _ = try document(event) }
        #expect(HubOutline.of(joined(read(written, fixture.format))) == HubOutline.of(joined(events)))
    }

    @Test("is numbered without gaps in every format", arguments: HubFixture.all(.stream))
    func numbers(fixture: HubFixture) throws {
        let events = read(fixture.body, fixture.format)
        let opened = events.compactMap { if case .open(let index, _) = $0 { index } else { nil } }
        let closed = events.compactMap { if case .close(let index, _) = $0 { index } else { nil } }
        #expect(opened == Array(0..<opened.count))
        #expect(closed.sorted() == opened)
        let messages = try write(events, .anthropicMessages).map { try document($0).root }
        let starts = messages.filter { $0[key: "type"]?.string == "content_block_start" }
        #expect(starts.map { $0[key: "index"]?.integer } == (0..<Int64(starts.count)).map { $0 })
        #expect(messages.count { $0[key: "type"]?.string == "message_start" } == 1)
        let responses = try write(events, .openAIResponses).map { try document($0).root }
        #expect(responses.map { $0[key: "sequence_number"]?.integer } == (0..<Int64(responses.count)).map { $0 })
        let items = responses.filter { $0[key: "type"]?.string == "response.output_item.added" }
        #expect(items.map { $0[key: "output_index"]?.integer } == (0..<Int64(items.count)).map { $0 })
        let done = responses.filter { $0[key: "type"]?.string == "response.output_item.done" }
        #expect(done.count == items.count)
    }

    @Test("reaches no other dialect with what is one's own", arguments: HubFixture.all(.stream))
    func foreign(fixture: HubFixture) throws {
        let events = read(fixture.body, fixture.format)
        for format in [RequestFormat.openAIChat, .anthropicMessages, .openAIResponses] where format != fixture.format {
            let written = write(events, format).filter { $0.data != Array("[DONE]".utf8) }
            for event in written { _ = try document(event) }
            let whole = object(built(events), format)
            _ = try Document(whole)
            for text in written.map(\.data) + [whole] {
                #expect(!String(decoding: text, as: UTF8.self).contains("own-"), "in \(format)")
            }
            let texts = joined(read(written, format)).filter { if case .delta = $0 { true } else { false } }.count
            #expect(texts <= joined(events).filter { if case .delta = $0 { true } else { false } }.count)
        }
    }

    @Test("says as a whole what its stream says", arguments: HubFixture.all(.stream))
    func whole(fixture: HubFixture) throws {
        var answer = built(read(fixture.body, fixture.format))
        // How the deltas of a block that nobody knows are joined, its dialect alone knows.
        answer.parts.removeAll { if case .other = $0.content { true } else { false } }
        if fixture.format == .openAIChat { answer.parts = chatOrder(answer.parts) }
        let back = try self.answer(object(answer, fixture.format), fixture.format)
        #expect(HubOutline.of(joined(back.events)) == HubOutline.of(joined(answer.events)))
    }

    @Test("that is plain tells the same events", arguments: HubFixture.all(.answer))
    func plain(fixture: HubFixture) throws {
        let answer = try answer(fixture.body, fixture.format)
        #expect(HubOutline.of(answer.events) == fixture.outline)
        let back = try self.answer(object(answer, fixture.format), fixture.format)
        #expect(HubOutline.of(back.events) == fixture.outline)
        let streamed = built(read(write(answer.events, fixture.format), fixture.format))
        #expect(HubOutline.of(streamed.events) == fixture.outline)
    }

    @Test("has fixtures of every format")
    func fixtures() {
        for kind in [HubFixture.Kind.stream, .answer] {
            #expect(Set(HubFixture.all(kind).map(\.format)) == [.openAIChat, .anthropicMessages, .openAIResponses])
        }
    }
}
