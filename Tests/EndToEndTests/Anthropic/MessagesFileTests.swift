import LoopbackProvider
import SluiceJSON
import Testing

@Suite("The streams with which Anthropic tests its SDK", .timeLimit(.minutes(3)))
struct MessagesFileTests {
    @Test("come through a gateway as they come without one: equal events, equal messages")
    func files() async throws {
        let files = try await Python.sources(of: "anthropic", ending: ".txt")
            .merging(Python.sources(of: "anthropic", ending: ".sse")) { first, _ in first }
            .mapValues(upToItsMark)
        #expect(files.count >= 16)
        let stand = try await SDKStand.messages(MessagesProvider.script(files: files))
        let models = files.keys.sorted().map { "file-\($0)" }
        let direct = try await stand.runDirectly("messages_files", models.joined(separator: ","))
        #expect(direct.count == models.count)
        // The comparison is worth something only if the SDK makes something of them.
        let messages = models.filter { direct[$0]?[key: "beta"]?[key: "message"] != nil }
        #expect(messages.count > models.count / 2, "only \(messages)")
        guard stand.gateway != nil else { return }
        let seen = try await stand.run("messages_files", models.joined(separator: ","))
        for model in models {
            let (one, other) = (text(direct[model]), text(seen[model]))
            #expect(one == other, "\(model)")
        }
    }

    /// A stream is over with its mark: nobody waits for what a provider might say behind it.
    private func upToItsMark(_ file: String) -> String {
        guard let mark = file.firstRange(of: "event: message_stop") else { return file }
        let end = file[mark.upperBound...].firstRange(of: "\n\n")?.lowerBound ?? file.endIndex
        return String(file[..<end])
    }

    private func text(_ seen: JSONValue?) -> String {
        seen.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }
}
