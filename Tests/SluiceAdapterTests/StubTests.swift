import Foundation
import SluiceJSON
import SluiceProvider
import SluiceTypes
import StubAdapter
import Testing

/// Foundation has one too.
private typealias Operation = SluiceTypes.Operation

@Suite("The stub")
struct StubTests {
    private let stub: any Adapter

    init() async throws {
        let source = try StubAdapter.source()
        stub = try await source.open(try source.manifest.settings(nil))
    }

    private func events(
        _ operation: Operation,
        _ model: String,
        _ members: String,
        stream: Bool = false,
        attempt: Int = 1
    ) throws -> [TimedEvent] {
        let body = try Document(Array("{\"model\":\"\(model)\"\(members)}".utf8))
        let ask = Ask(operation: operation, stream: stream, attempt: attempt, model: model, body: body)
        guard case .answer(let events) = try stub.prepare(ask) else { return [] }
        return events
    }

    private func failure(of events: [TimedEvent]) -> ProviderError? {
        guard case .error(let error)? = events.last?.event else { return nil }
        return error
    }

    private func objects(_ events: [TimedEvent]) throws -> [JSONValue] {
        let limits = JSONLimits(depth: 64, scalars: 10_000_000)
        return try events.compactMap { event in
            guard case .upstream(_, let bytes, _) = event.event else { return nil }
            return try Document(bytes, limits: limits).root
        }
    }

    // MARK: Embeddings

    private func vectors(_ members: String) throws -> [[Float]] {
        let data = try objects(events(.embedding, "stub-embedding", members)).first?[key: "data"]?.elements ?? []
        return data.map { element in
            guard let text = element[key: "embedding"]?.string else {
                return element[key: "embedding"]?.elements.compactMap { $0.number.map { Float($0) } } ?? []
            }
            let bytes = Array(Data(base64Encoded: text) ?? Data())
            return stride(from: 0, to: bytes.count, by: 4).map { place in
                Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
            }
        }
    }

    @Test("gives a text one vector of length 1, and another text another", arguments: [1, 2, 3, 255, 1536, 4096])
    func vectors(dimensions: Int) throws {
        let inputs = #","input":["Käse","Käse","kase"," Käse","🧀"]"#
        let found = try vectors("\(inputs),\"dimensions\":\(dimensions)")
        #expect(found.count == 5 && found.allSatisfy { $0.count == dimensions })
        #expect(found.allSatisfy { abs($0.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4 })
        #expect(found[0] == found[1])
        if dimensions > 1 { #expect(Set(found).count == 4) }
    }

    @Test("writes the same numbers in both encodings", arguments: [1, 2, 3, 4, 1536])
    func encodings(dimensions: Int) throws {
        let members = ",\"input\":[\"a\",\"b\"],\"dimensions\":\(dimensions)"
        let floats = try vectors(members + #","encoding_format":"float""#)
        let bytes = try vectors(members + #","encoding_format":"base64""#)
        #expect(floats.count == 2 && floats == bytes)
        #expect(try vectors(members) == floats)
    }

    @Test("shortens a vector as OpenAI does: the first numbers, brought back to length 1")
    func shortened() throws {
        let long = try #require(try vectors(#","input":"a","dimensions":64"#).first)
        let short = try #require(try vectors(#","input":"a","dimensions":8"#).first)
        let length = long.prefix(8).reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(zip(long, short).allSatisfy { abs($0 / length - $1) < 1e-5 })
    }

    @Test("tells tokens from each other, and from texts")
    func tokens() throws {
        let lists = try vectors(#","input":[[1,2],[2,1],[1],[1,2]],"dimensions":4"#)
        #expect(Set(lists).count == 3 && lists[0] == lists[3])
        #expect(try vectors(#","input":[1,2],"dimensions":4"#) == [lists[0]])
        #expect(try vectors(#","input":["1","\u0001"],"dimensions":4"#).allSatisfy { !lists.contains($0) })
    }

    @Test(
        "refuses a request for embeddings that it can't answer, and names the parameter",
        arguments: [
            ("", "input"),
            (#","input":null"#, "input"),
            (#","input":"""#, "input"),
            (#","input":[]"#, "input"),
            (#","input":["a",""]"#, "input"),
            (#","input":["a",1]"#, "input"),
            (#","input":[1,"a"]"#, "input"),
            (#","input":[[1],"a"]"#, "input"),
            (#","input":[[]]"#, "input"),
            (#","input":[[1,-1]]"#, "input"),
            (#","input":[1.5]"#, "input"),
            (#","input":[null]"#, "input"),
            (#","input":[{"text":"a"}]"#, "input"),
            (#","input":{"text":"a"}"#, "input"),
            (#","input":7"#, "input"),
            (#","input":"a","dimensions":0"#, "dimensions"),
            (#","input":"a","dimensions":-1"#, "dimensions"),
            (#","input":"a","dimensions":4097"#, "dimensions"),
            (#","input":"a","dimensions":9223372036854775807"#, "dimensions"),
            (#","input":"a","dimensions":2.5"#, "dimensions"),
            (#","input":"a","dimensions":"2""#, "dimensions"),
            (#","input":"a","encoding_format":"int8""#, "encoding_format"),
            (#","input":"a","encoding_format":1"#, "encoding_format"),
        ]
    )
    func refuses(members: String, parameter: String) throws {
        let found = try events(.embedding, "stub-embedding", members)
        #expect(found.count == 1)
        let error = try #require(failure(of: found))
        #expect(error.errorClass == .invalidRequest && error.parameter == parameter)
        #expect(error.type == "invalid_request_error" && error.message.hasPrefix("\(parameter) "))
    }

    @Test("bounds what a small request can make it write")
    func bounds() throws {
        let inputs = { (count: Int) in
            ",\"input\":[\((0..<count).map { "\"\($0)\"" }.joined(separator: ","))]"
        }
        #expect(try vectors(inputs(2048) + #","dimensions":1"#).count == 2048)
        for members in [inputs(2049) + #","dimensions":1"#, inputs(513) + #","dimensions":4096"#] {
            #expect(failure(of: try events(.embedding, "stub-embedding", members))?.parameter == "input")
        }
    }

    // MARK: Streams

    private func isSuccess(_ events: [TimedEvent]) -> Bool {
        events.contains { if case .finish = $0.event { true } else { false } } && failure(of: events) == nil
    }

    private static let hello = #","messages":[{"role":"user","content":"Hello there, è"}]"#

    @Test("cuts a stream after so many chunks, and none is a success", arguments: 0...9)
    func cut(count: Int) throws {
        for operation in [Operation.chat, .completion] {
            let members = operation == .chat ? StubTests.hello : #","prompt":"Hello there, è""#
            let whole = try events(operation, "stub-echo", members, stream: true)
            let found = try events(operation, "stub-cut-\(count)", members, stream: true)
            #expect(failure(of: found)?.errorClass == .network && !isSuccess(found))
            #expect(!found.contains { if case .terminal = $0.event { true } else { false } })
            #expect(try objects(found).count == min(count, try objects(whole).count))
            let plain = try events(operation, "stub-cut-\(count)", members)
            #expect(plain.count == 1 && failure(of: plain)?.errorClass == .network)
        }
    }

    @Test(
        "streams what it would have said whole, piece by piece",
        arguments: ["a", "Hello  there,\n è \n", " ", "🍰🍰 x"]
    )
    func pieces(text: String) throws {
        let quoted = JSONWriter.bytes { $0.value(text) }
        let members = ",\"messages\":[{\"role\":\"user\",\"content\":\(String(decoding: quoted, as: UTF8.self))}]"
        let chunks = try objects(events(.chat, "stub-echo", members, stream: true))
        let deltas = chunks.compactMap { $0[key: "choices"]?[0]?[key: "delta"] }
        #expect(deltas.compactMap { $0[key: "content"]?.string }.joined() == text)
        #expect(deltas.first?[key: "role"]?.string == "assistant" && deltas.count { $0[key: "role"] != nil } == 1)
        #expect(chunks.allSatisfy { $0[key: "object"]?.string == "chat.completion.chunk" })
        let reasons = chunks.map { $0[key: "choices"]?[0]?[key: "finish_reason"]?.string }
        #expect(reasons.last == "stop" && reasons.dropLast().allSatisfy { $0 == nil })
    }

    @Test("tells of the usage of a stream only where it is asked to", arguments: [true, false])
    func usage(isWanted: Bool) throws {
        let members = StubTests.hello + ",\"stream_options\":{\"include_usage\":\(isWanted)}"
        let chunks = try objects(events(.chat, "stub-echo", members, stream: true))
        #expect(chunks.contains { $0[key: "choices"]?.elements.isEmpty == true } == isWanted)
        #expect(chunks.allSatisfy { ($0[key: "usage"] != nil) == isWanted })
        #expect((chunks.last?[key: "usage"]?[key: "total_tokens"]?.integer == 6) == isWanted)
    }

    @Test(
        "refuses a setting out of range",
        arguments: [#"{"dimensions":0}"#, #"{"dimensions":4097}"#, #"{"created":-1}"#, #"{"created":"now"}"#]
    )
    func settings(text: String) throws {
        let root = try Document(Array(text.utf8)).root
        let manifest = try StubAdapter.source().manifest
        #expect(throws: AdapterFault.self) { try manifest.settings(root) }
    }
}
