import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A provider's row")
struct ProviderRowTests {
    private func fit(_ models: [String], _ model: String) -> ModelFit? {
        ProviderRow(
            name: "row",
            adapterID: "none",
            adapter: NoAdapter(),
            operations: [.chat],
            models: models.map { ModelPattern($0) }
        ).closeness(to: model)
    }

    @Test("fits a model exactly before by pattern, by the longer pattern before the shorter")
    func closeness() throws {
        #expect(fit(["gpt-4", "*"], "gpt-4") == .exact)
        #expect(fit(["*", "gpt-*"], "gpt-4") == .pattern(4))
        #expect(fit(["*"], "gpt-4") == .pattern(0))
        #expect(fit(["gpt-*"], "o1") == nil)
        #expect(fit([], "o1") == nil)
        #expect(ModelFit.exact > .pattern(1000))
        #expect(ModelFit.pattern(5) > .pattern(4))
    }
}

private struct NoAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }
}

/// These adapters are never sent anything.
private struct NoExchange: Exchange {
    func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

    func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
}
