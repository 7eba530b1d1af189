import Foundation
import SluiceConformance
import SluiceProvider
import Testing

@Suite("The conformance kit")
struct ConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var adapter: any AdapterSource
        var file: String
        var message: String

        init(_ adapter: any AdapterSource, _ file: String, _ message: String) {
            self.adapter = adapter
            self.file = file
            self.message = message
        }

        var testDescription: String { "\(type(of: adapter))" }
    }

    /// Runs an adapter on those of the chat adapter's fixtures that show the mistakes.
    private func run(_ adapter: any AdapterSource) async throws -> Conformance.Report {
        let chat = URL(filePath: "\(PluginsTests.plugins)/openai-chat")
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let fixtures = folder.appending(path: "Fixtures")
        try FileManager.default.createDirectory(at: fixtures, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in try FileManager.default.contentsOfDirectory(atPath: chat.appending(path: "Fixtures").path)
        where ["basic", "stream", "error-key"].contains(name.prefix { $0 != "." }) {
            let file = chat.appending(path: "Fixtures/\(name)")
            try FileManager.default.copyItem(at: file, to: fixtures.appending(path: name))
        }
        try FileManager.default.copyItem(
            at: chat.appending(path: "plugin.json"),
            to: folder.appending(path: "plugin.json")
        )
        return await Conformance.run(adapter, folder: folder.path)
    }

    @Test("passes the same adapter without a mistake")
    func faultless() async throws {
        let report = try await run(BrokenSource<Faultless>())
        #expect(report.passed && report.fixtures == 5, "\(report)")
    }

    @Test(
        "catches an adapter with a mistake, in the fixture that shows it",
        arguments: [
            Case(BrokenSource<WrongIdentity>(), "plugin.json", "the id is not"),
            Case(BrokenSource<ExtraSpace>(), "Fixtures/basic.call.json", "the body is"),
            Case(BrokenSource<OwnSecret>(), "Fixtures/basic.call.json", "the gateway's to write"),
            Case(BrokenSource<WrongPath>(), "Fixtures/basic.call.json", "the path is /v1/chat/completions"),
            Case(BrokenSource<OneErrorClass>(), "Fixtures/error-key.events.json", "error server"),
            Case(BrokenSource<EarlyEnd>(), "Fixtures/stream.response.http", "it is still a success"),
            Case(BrokenSource<OwnNames>(), "Fixtures/stream.events.json", "named chunk"),
            Case(BrokenSource<LinePerPiece>(), "Fixtures/stream.response.http", "chopped after byte"),
            Case(BrokenSource<TextPerPiece>(), "Fixtures/stream.response.http", "byte by byte"),
            Case(BrokenSource<HalfAnswer>(), "Fixtures/basic.response.http", "a success with another answer"),
        ]
    )
    func catches(_ broken: Case) async throws {
        let report = try await run(broken.adapter)
        #expect(!report.passed)
        #expect(
            report.failures.contains { $0.file == broken.file && $0.message.contains(broken.message) },
            "\(report)"
        )
        #expect(report.description.contains("does not conform"))
    }

    @Test("holds an adapter to the fixtures of others whose work it does")
    func others() async {
        let folders = ["openai-chat", "openai-completion"].map { "\(PluginsTests.plugins)/\($0)" }
        let report = await Conformance.run(
            BrokenSource<Faultless>(),
            folder: folders[0],
            others: [folders[1], "/nowhere"]
        )
        #expect(!report.passed)
        // It is asked for a completion, and serves chats alone.
        #expect(report.failures.contains { $0.file == "../openai-completion/Fixtures/basic.request.json" }, "\(report)")
        #expect(report.failures.contains { $0.file == "../nowhere/Fixtures" })
        #expect(report.failures.allSatisfy { $0.file.hasPrefix("../") })
    }

    @Test("fails a folder without fixtures")
    func emptyFolder() async {
        let report = await Conformance.run(BrokenSource<Faultless>(), folder: "/nowhere")
        #expect(!report.passed)
        #expect(report.failures.contains { $0.file == "plugin.json" && $0.message.contains("can't be read") })
        #expect(report.failures.contains { $0.message.contains("there must be a *.request.json") })
    }

    @Test(
        "fails a fixture that it would otherwise pass over",
        arguments: [
            ("note.txt", "x", "is no fixture's name"),
            ("lonely.request.json", "{}", "needs exactly one of lonely.call.json or"),
            ("lonely.call.json", "{}", "needs exactly one of lonely.request.json"),
            ("lonely.response.http", "HTTP/1.1 200 OK\n\n", "needs exactly one of lonely.events.json"),
            ("bad.request.json", "{", "is not JSON"),
            ("odd.request.json", #"{"operation":"chat","boddy":{}}"#, "unknown member \"boddy\""),
            (
                "loud.request.json", #"{"operation":"chat","headers":{"A":"b"},"body":{"model":"m"}}"#,
                "names in small letters"
            ),
            ("beta.request.json", #"{"operation":"chat","betas":"all","body":{"model":"m"}}"#, "neither \"pass\""),
            ("headless.response.http", "200 OK\n\n", "must begin with a status line"),
            ("endless.response.http", "HTTP/1.1 200 OK\nA: b\n", "no empty line"),
        ]
    )
    func badFixtures(name: String, text: String, message: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "Fixtures"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(path: "Fixtures/\(name)"))
        let report = await Conformance.run(BrokenSource<Faultless>(), folder: folder.path)
        #expect(report.failures.contains { $0.file == "Fixtures/\(name)" && $0.message.contains(message) }, "\(report)")
    }
}
