import LoopbackProvider
import SluiceJSON
import Testing

@Suite("LangChain's ChatOpenAI, unmodified", .timeLimit(.minutes(3)))
struct LangChainTests {
    @Test("invokes, streams, and has each of a batch of 32 answered by its own answer")
    func chains() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("chains")
        #expect(seen["invoke"]?[key: "text"]?.string == "Say it back, please")
        #expect(seen["invoke"]?[key: "total"]?.integer == 21)
        #expect(seen["stream"]?[key: "text"]?.string == "Say it in pieces, please")
        #expect((seen["stream"]?[key: "pieces"]?.integer ?? 0) >= 5)
        let asked = try #require(seen["batch"]?[key: "asked"]?.strings)
        #expect(asked.count == 32)
        #expect(seen["batch"]?[key: "answered"]?.strings == asked)
        #expect(stand.provider.requests.count == 34)
    }
}
