import SluiceProvider
import SluiceRig
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("A pool")
struct PoolTests {
    /// `row:upstream` of all who may answer, those of one tier between bars.
    private func pool(
        _ rows: [ProviderRow],
        _ aliases: [ModelAlias] = [],
        _ route: ModelRoute,
        in format: RequestFormat = .prompt
    ) -> String {
        var router = Router(Catalogue(rows: rows, aliases: aliases), settings: EngineSettings(), secret: [1])
        let choices = router.pool(RouteKey(.chat, format, route.text)).choices
        let tiers = Dictionary(grouping: choices, by: \.tier).sorted { $0.key < $1.key }
        return tiers.map { $0.value.map { "\($0.member.row.name):\($0.upstream)" }.joined(separator: " ") }
            .joined(separator: " | ")
    }

    private let rows = [
        Rig.row("any", models: ["*"]), Rig.row("gpt", models: ["gpt-*"], priority: 1),
        Rig.row("other", models: ["gpt-*"]), Rig.row("exact", models: ["gpt-4o"]),
    ]

    @Test("has those who fit the model best, by their priorities")
    func fits() {
        #expect(pool(rows, [], ModelRoute("gpt-4o")) == "exact:gpt-4o")
        #expect(pool(rows, [], ModelRoute("gpt-3")) == "other:gpt-3 | gpt:gpt-3")
        #expect(pool(rows, [], ModelRoute("x")) == "any:x")
        #expect(pool([rows[1]], [], ModelRoute("x")) == "")
    }

    @Test("has those alone who can be asked in the format, as it is or translated, however well others fit")
    func formats() {
        let rows = [
            Rig.row("claude", formats: [.anthropicMessages], models: ["m"]),
            Rig.row("chat", formats: [.openAIChat], models: ["*"]),
        ]
        #expect(pool(rows, [], ModelRoute("m"), in: .anthropicMessages) == "claude:m")
        #expect(pool(rows, [], ModelRoute("m"), in: .openAIChat) == "chat:m")
        // Each speaks through the same adapter here, which translates prompts.
        #expect(pool(rows, [], ModelRoute("m"), in: .prompt) == "claude:m")
        #expect(pool(rows, [], ModelRoute("x"), in: .anthropicMessages) == "")
        #expect(pool(rows, [], ModelRoute("m"), in: .openAIResponses) == "")
    }

    @Test(
        "of a request that names what its provider holds has rows of one account with one owner, however well others fit"
    )
    func bound() {
        let shared = StatePolicy(isShared: true)
        let key = { (name: String) in Credential(slot: "env:\(name)", secret: Secret("a-key-of-\(name)")) }
        let rows = [
            Rig.row("exact", models: ["m"]),
            Rig.row("wide", models: ["*"], credentials: [key("ONE"), key("TWO")], priority: 1, statePolicy: shared),
            Rig.row(
                "lacking",
                models: ["*"],
                credentials: [Credential(slot: "env:NONE", secret: nil)],
                statePolicy: shared
            ),
            Rig.row("other", models: ["*"], credentials: [key("THREE")], priority: 2, statePolicy: shared),
        ]
        #expect(pool(rows, [], ModelRoute("m")) == "exact:m")
        #expect(pool(rows, [], ModelRoute(boundTo: "m")) == "wide:m")
        #expect(pool([rows[0]], [], ModelRoute(boundTo: "m")) == "")
        #expect(pool([rows[0], rows[2]], [], ModelRoute(boundTo: "m")) == "lacking:m")
        // What stands behind an alias may be asked as far as that account serves it.
        let fast = ModelAlias(name: "fast", targets: [.init("x"), .init("y", priority: 1)])
        #expect(pool(rows, [fast], ModelRoute(boundTo: "fast")) == "wide:x | wide:y")
    }

    @Test("has the fallbacks' behind the model's own, each way once")
    func fallbacks() {
        let route = ModelRoute("gpt-4o", fallbacks: ["gpt-3", "gpt-4o", "nobody's"])
        #expect(pool(Array(rows.dropFirst()), [], route) == "exact:gpt-4o | other:gpt-3 | gpt:gpt-3")
    }

    @Test("has what stands behind an alias, which wins over patterns, by the targets' priorities before the rows'")
    func aliases() {
        let fast = ModelAlias(
            name: "gpt-fast",
            targets: [.init("gpt-4o", priority: 1), .init("gpt-3"), .init("x", priority: 2)]
        )
        #expect(
            pool(rows, [fast], ModelRoute("gpt-fast"))
                == "other:gpt-3 | gpt:gpt-3 | exact:gpt-4o | any:x"
        )
        #expect(pool(rows, [fast], ModelRoute("x", fallbacks: ["gpt-fast"])).hasPrefix("any:x | other:gpt-3"))
    }

    @Test("shares calls among an alias's targets by their weights, however many rows serve each")
    func weights() {
        let rows = [Rig.row("a", models: ["x"]), Rig.row("b", models: ["x"]), Rig.row("c", models: ["y"])]
        let alias = ModelAlias(name: "both", targets: [.init("x"), .init("y", weight: 3)])
        var router = Router(Catalogue(rows: rows, aliases: [alias]), settings: EngineSettings(), secret: [1])
        let choices = router.pool(RouteKey(.chat, .prompt, "both")).choices
        #expect(choices.map(\.weight) == [0.5, 0.5, 3])
    }

    @Test("is in one line with every pool of the same members, and another one with others")
    func lines() {
        var router = Router(Catalogue(rows: rows), settings: EngineSettings(), secret: [1])
        let first = router.pool(RouteKey(.chat, .prompt, "gpt-1"))
        let second = router.pool(RouteKey(.chat, .prompt, "gpt-2"))
        #expect(first !== second)
        let lines = ["gpt-1", "gpt-2", "gpt-4o", "x"].map { router.pool(RouteKey(.chat, .prompt, $0)).line }
        #expect(lines[0] == lines[1])
        #expect(Set(lines).count == 3)
    }
}
