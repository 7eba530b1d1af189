import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceTesting
import SluiceTypes
import Testing

@Suite("The models that are shown", .timeLimit(.minutes(1)))
struct ModelListTests {
    private static let list = ReplayScript.answer(
        #"{"object":"list","data":[{"id":"gpt-a"},{"id":"gpt-b","new":1},{"id":"whisper"},{"id":""},{}]}"#
    )

    private static func row(_ name: String, models: [String], listed: [String] = []) -> ProviderRow {
        var row = Rig.row(name, models: models)
        row.listed = listed
        return row
    }

    @Test("are a row's exact names and those it lists, and its provider's own where it has patterns alone")
    func sources() async throws {
        let rows = [
            Self.row("named", models: ["m", "n-*"], listed: ["n-1"]), Self.row("patterns", models: ["gpt-*", "gpt-b"]),
        ]
        try await Rig(rows: rows) { _, _ in Self.list }.run { rig in
            let models = await rig.engine.models()
            #expect(models.map(\.row) == ["named", "patterns"])
            #expect(models.map(\.names) == [["m", "n-1"], ["gpt-b", "gpt-a"]])
            let call = try #require(rig.transport.calls.first)
            #expect(rig.transport.calls.count == 1)
            #expect(call.method == "GET" && call.url.hasSuffix("/models"))
            #expect(call.secretHeader?.prefix == "Bearer ")
        }
    }

    @Test("are asked for once in ten minutes, and the last list stays where the provider fails")
    func remembered() async throws {
        try await Rig(rows: [Self.row("patterns", models: ["gpt-*"])]) { _, number in
            number == 1 ? Self.list : Rig.refusal(500)
        }.run { rig in
            #expect(await rig.engine.models().first?.names == ["gpt-a", "gpt-b"])
            #expect(await rig.engine.models().first?.names == ["gpt-a", "gpt-b"])
            #expect(rig.transport.calls.count == 1)
            try await rig.advance(by: .seconds(600))
            #expect(await rig.engine.models().first?.names == ["gpt-a", "gpt-b"])
            #expect(await rig.engine.models().first?.names == ["gpt-a", "gpt-b"])
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test("are none where the provider answers with something else", arguments: ["[]", "{", #"{"data":{}}"#])
    func nothing(answer: String) async throws {
        try await Rig(rows: [Self.row("patterns", models: ["gpt-*"])]) { _, _ in .answer(answer) }.run { rig in
            #expect(await rig.engine.models().first?.names == [])
        }
    }
}
