import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// The gateway is killed while the provider has sent so many events, at every number of them at once.
@Suite("A stream whose gateway is killed behind any event", .timeLimit(.minutes(3)))
struct KilledStreamTests {
    private static let first = ["One ", "two"]
    private static let second = ["Another ", "answer"]

    /// One stream, and the number of events that its provider sends before it falls silent.
    private struct Place: Hashable {
        var format: ChatFormat
        var count: Int
        var isBackground = false

        var model: String { "\(format.rawValue)-\(isBackground ? "b" : "f")-\(count)" }

        /// The text that a caller may have by then.
        var text: String {
            let shown = format.events(first).prefix(count)
            return ChatReading(format, shown.map(\.text).joined()).text
        }

        /// Whether the answer may be whole by then, and be stored before the gateway dies.
        var mayBeWhole: Bool { format.events(first).prefix(count).contains { $0.stage == .ending } }

        static func all(_ formats: [ChatFormat], isBackground: Bool) -> [Place] {
            formats.flatMap { format in
                (0..<format.events(first).count).map { Place(format: format, count: $0, isBackground: isBackground) }
            }
        }
    }

    private static func stand() async throws -> FormatStand {
        try await FormatStand { format, model, number, isStream in
            guard number == 1, let count = model.split(separator: "-").last.flatMap({ Int($0) }) else {
                return .answer(format, second, id: "id-\(model)-2", isStream: isStream)
            }
            return .stallAfterHead(format.events(first, id: "id-\(model)").prefix(count).map(\.text))
        }
    }

    /// Opens all streams, kills the gateway when each is as far as its provider lets it come, and says what each caller has.
    private static func kill(_ stand: FormatStand, _ places: [Place]) async throws -> [Place: StreamSeen] {
        let (port, token) = (stand.gateway.port, stand.token)
        let (there, dead) = (NameCounts(), Gate())
        let seen = try await withThrowingTaskGroup(of: (Place, StreamSeen).self) { group in
            for place in places {
                group.addTask {
                    let more = place.isBackground ? #","background":true"# : ""
                    let body = place.format.request(place.model, isStream: true, more)
                    let call = try await Blocking.run {
                        let call = Held(try OpenAICall(body, port: port, token: token, path: place.format.path))
                        _ = try call.call.read { seen in
                            seen.head.status != 200
                                || ChatReading(place.format, String(decoding: seen.body, as: UTF8.self)).text
                                    == place.text
                        }
                        return call
                    }
                    if there.next("all") == places.count {
                        _ = await stand.provider.requests(atLeast: places.count)
                        stand.gateway.process.signal(SIGKILL)
                        dead.open()
                    }
                    await dead.wait()
                    return (place, try await Blocking.run { try call.call.readAll() })
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(await stand.gateway.process.ended() == 128 + SIGKILL)
        return seen
    }

    /// A call that goes from one thread to another, and is never on two.
    private struct Held: @unchecked Sendable {
        // Unchecked: a task reads it on one thread, waits for that, and only then reads it on another.
        let call: OpenAICall

        init(_ call: OpenAICall) { self.call = call }
    }

    @Test("is no success for who waited, in no format; its job is dead, and an id of the provider's finds nothing")
    func waitedFor() async throws {
        let stand = try await Self.stand()
        let places = Place.all(ChatFormat.allCases, isBackground: false)
        let all = try await Self.kill(stand, places)
        let again = try await stand.restarted()
        for place in places {
            let seen = try #require(all[place])
            let reading = ChatReading(place.format, String(decoding: seen.body, as: UTF8.self))
            let id = try #require(seen.head["x-sluice-job"], "\(place)")
            let record = try await again.end(of: id, token: stand.token)
            let isStored = record[key: "status"]?.string == "succeeded"
            #expect(seen.head.status == 200 && reading.text == place.text, "\(place)")
            // Whatever might be taken for an end is said of what is stored.
            #expect(isStored || !reading.isSuccess && !reading.hasFinished && !seen.isWhole, "\(place)")
            guard !isStored || !place.mayBeWhole else { continue }
            #expect(record[key: "status"]?.string == "dead", "\(place)")
            #expect(record[key: "possiblyCharged"]?.boolean == true, "\(place)")
            if place.format == .responses {
                let found = try await again.send("GET", "/v1/responses/id-\(place.model)", token: stand.token)
                #expect(found.status == 404, "\(place): \(found.text)")
            }
        }
        #expect(stand.provider.requests.count == places.count)
    }

    @Test(
        "goes on in the background: resumed behind the last number it ends with the second answer alone, under its one id"
    )
    func background() async throws {
        let stand = try await Self.stand()
        let places = Place.all([.responses], isBackground: true)
        let all = try await Self.kill(stand, places)
        let again = try await stand.restarted()
        let (port, token) = (again.port, stand.token)
        for place in places {
            let seen = try #require(all[place])
            let before = ChatReading(.responses, String(decoding: seen.body, as: UTF8.self))
            #expect(!seen.isWhole && !before.isOver && before.text == place.text, "\(place)")
            #expect(before.breach == nil, "\(place): \(before.breach ?? "")")
            let id = try #require(before.ids.first, "\(place)")
            let last = try #require(before.numbers.last, "\(place)")
            for after in ["&starting_after=\(last)", ""] {
                let path = "/v1/responses/\(id)?stream=true\(after)"
                let rest = try await Blocking.run {
                    try OpenAICall(nil, port: port, token: token, path: path).readAll()
                }
                let reading = ChatReading(.responses, String(decoding: rest.body, as: UTF8.self))
                #expect(rest.isWhole && reading.isSuccess && reading.breach == nil, "\(place): \(reading)")
                #expect(reading.text == Self.second.joined() && reading.ids == [id], "\(place): \(reading)")
                // The reader learns by it that what it has so far is over.
                #expect(reading.events.first?.name == "response.created", "\(place)")
                #expect(reading.numbers.allSatisfy { $0 > last }, "\(place): \(reading.numbers) behind \(last)")
            }
            let object = try await again.send("GET", "/v1/responses/\(id)", token: token)
            #expect(try object.json()[key: "status"]?.string == "completed", "\(place)")
            #expect(try object.json()[key: "id"]?.string == id, "\(place)")
        }
        #expect(stand.provider.requests.count == 2 * places.count)
    }
}
