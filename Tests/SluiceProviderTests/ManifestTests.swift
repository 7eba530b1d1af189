import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A plugin.json")
struct ManifestTests {
    /// A file that has no fault but for what `changes` puts in the place of its members.
    private static func text(_ changes: [String: String] = [:]) -> String {
        var members = [
            "id": #""mine""#, "operations": #"{"chat": "/chat"}"#, "formats": #"["openai-chat"]"#, "settings": "{}",
        ]
        members.merge(changes) { $1 }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
            + "}"
    }

    private func open(_ text: String) throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: Array(text.utf8), source: "/any/Plugins/mine/Sources/Mine.swift") { _, _ in
            NoAdapter()
        }
    }

    @Test("is all that an adapter says of itself")
    func read() throws {
        let settings = """
            {"size": {"description": "How large.", "type": "integer", "minimum": 1, "maximum": 9, "default": 3}}
            """
        let text = ManifestTests.text([
            "operations": #"{"chat": "/chat", "embedding": null}"#, "formats": #"["openai-chat", "prompt"]"#,
            "settings": settings,
        ])
        let manifest = try open(text).manifest
        #expect(
            manifest
                == Manifest(
                    id: "mine",
                    operations: [.chat: "/chat", .embedding: nil],
                    formats: [.openAIChat, .prompt],
                    settings: ["size": AdapterSetting(description: "How large.", range: 1...9, standard: 3)]
                )
        )
        #expect(manifest.needsEndpoint)
        #expect(try manifest.settings(nil)["size"] == 3)
        #expect(try manifest.settings(Document(Array(#"{"size": 9}"#.utf8)).root)["size"] == 9)
        #expect(try !open(ManifestTests.text(["operations": #"{"chat": null}"#])).manifest.needsEndpoint)
    }

    @Test(
        "that is faulty is refused with its name, the place, and what is allowed",
        arguments: [
            ("", "is no JSON"), (#"{"id": "mine""#, "is no JSON"), ("[]", "must be an object"),
            (text(["id": #""other""#]), "/id must be \"mine\""), (text(["id": "7"]), "/id must be \"mine\""),
            (
                text(["operations": #"{"chatt": "/c"}"#]),
                "/operations/chatt is no operation; allowed are chat, completion"
            ),
            (text(["operations": "{}"]), "/operations must be an object of chat"),
            (text(["operations": #"["chat"]"#]), "/operations must be an object of chat"),
            (text(["operations": #"{"chat": "chat"}"#]), "/operations/chat must be a path that begins with /"),
            (text(["operations": #"{"chat": true}"#]), "/operations/chat must be a path that begins with /"),
            (text(["formats": #"["openai"]"#]), #"/formats/0 "openai" is no format; allowed are prompt, openai-chat"#),
            (text(["formats": "[]"]), "/formats must be a list of prompt"),
            (text(["formats": #""openai-chat""#]), "/formats must be a list of prompt"),
            (text(["needsEndpoint": "true"]), "/needsEndpoint is unknown; known are id, operations"),
            (
                text(["settings": #"{"a": {"type": "string", "description": "x"}}"#]),
                "/settings/a/type must be \"integer\""
            ),
            (
                text(["settings": #"{"a": {"type": "integer", "minimum": 1}}"#]),
                "/settings/a/description must be a line"
            ),
            (
                text([
                    "settings":
                        #"{"a": {"type": "integer", "description": "x", "minimum": 1, "maximum": 2, "default": 3}}"#
                ]), "/settings/a must have a minimum, a maximum, and a default between them"
            ),
        ]
    )
    func faulty(text: String, message: String) {
        let error = #expect(throws: ManifestError.self) { try open(text) }
        #expect(error?.faults.count == 1)
        #expect(
            error?.description.hasPrefix("Plugins/mine/plugin.json: \(message)") == true,
            "\(error?.description ?? "")"
        )
    }

    @Test("with several faults tells them all")
    func several() {
        let error = #expect(throws: ManifestError.self) { try open("{}") }
        #expect(error?.faults.map { $0.prefix { $0 != " " } } == ["/id", "/operations", "/formats"])
    }

    @Test("refuses settings that it does not name or that are out of range", arguments: ["0", "10", "1.5", #""1""#])
    func settings(value: String) throws {
        let settings = ["size": AdapterSetting(description: "How large.", range: 1...9, standard: 3)]
        let manifest = Manifest(id: "mine", operations: [.chat: nil], formats: [.openAIChat], settings: settings)
        for (text, name) in [("{\"size\": \(value)}", "size"), (#"{"width": 1}"#, "width")] {
            let root = try Document(Array(text.utf8)).root
            let fault = #expect(throws: AdapterFault.self) { try manifest.settings(root) }
            #expect(fault?.setting == name)
        }
    }
}

private struct NoAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }

    private struct NoExchange: Exchange {
        func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }
        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
    }
}
