import SluiceProvider
import SluiceTypes
import Testing

@Suite("A row's names of models")
struct ModelMapTests {
    private struct NoAdapter: Adapter {
        func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
        func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }
        struct NoExchange: Exchange {
            func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }
            func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
        }
    }

    @Test(
        "a whole name wins over a pattern, a longer pattern over a shorter one; what fits none stays",
        arguments: [
            ("groq/llama-3", "llama-3"), ("groq/x/y", "x/y"), ("groq/", "groq/"), ("groq/special", "by-name"),
            ("groq/fast-1", "quick-1-v2"), ("other", "other"), ("gro", "gro"), ("é/1", "1"),
        ]
    )
    func upstream(model: String, name: String) {
        let row = ProviderRow(
            name: "groq",
            adapterID: "a",
            adapter: NoAdapter(),
            operations: [.chat],
            models: [ModelPattern("*")],
            modelMap: ["groq/*": "*", "groq/special": "by-name", "groq/fast-*": "quick-*-v2", "é/*": "*"]
        )
        #expect(row.upstreamName(of: model) == name)
    }
}
