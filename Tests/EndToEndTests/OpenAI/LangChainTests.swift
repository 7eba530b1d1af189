import LoopbackProvider
import SluiceJSON
import Testing

@Suite("LangChain's models of chats and embeddings, unmodified", .timeLimit(.minutes(3)))
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

    @Test("embeds 1,000 long texts, as lists of tokens, those too long for one call in parts")
    func embeddings() async throws {
        let stand = try await SDKStand(arguments: ["--access-log", "--log-format", "json"], TokenInput.script())
        let seen = try await stand.run("vectors")
        let texts = try #require(seen["tokens"]?[key: "texts"]).elements.map { TokenInput($0) }
        #expect(texts.count == 1000)

        // LangChain cuts where the model's window ends.
        let parts = texts.map { $0.parts(of: 8191) }
        #expect(parts.filter { $0.count > 1 }.map(\.count) == [2, 2, 3])
        let inputs = try stand.requests("embed-small").map { request in
            try #require(request[key: "input"]).elements.map { TokenInput($0) }
        }
        // Each is as large as LangChain makes one, and it made no more of them than it had to.
        let lengths = inputs.map { $0.reduce(0) { $0 + $1.tokens.count } }
        #expect(lengths.count == 2 && lengths.allSatisfy { $0 <= 300_000 }, "\(lengths)")
        // Compared outside of the expectations, which would print all of it.
        let isUnchanged = inputs.flatMap(\.self) == parts.flatMap(\.self)
        #expect(isUnchanged, "the provider got other tokens than LangChain sent, or in another order")

        let vectors = try #require(seen["vectors"]?[key: "vectors"]).elements.map { $0.elements.compactMap(\.number) }
        #expect(vectors.count == texts.count && vectors.allSatisfy { $0.count == 3 })
        let wrong = zip(parts, vectors).enumerated().filter { _, pair in
            zip(TokenInput.vector(of: pair.0), pair.1).contains { abs($0 - $1) > 1e-9 }
        }
        #expect(wrong.map(\.offset) == [], "vectors of other texts")

        guard let gateway = stand.gateway else { return }
        // LangChain asks again by itself, and would not tell.
        #expect(await gateway.stop() == 0)
        let told = gateway.process.errors.all.compactMap { try? Document(Array($0.utf8)).root }
        let statuses = told.filter { $0[key: "route"]?.string == "/v1/embeddings" }.map { $0[key: "status"]?.integer }
        #expect(statuses == [200, 200])
    }
}
