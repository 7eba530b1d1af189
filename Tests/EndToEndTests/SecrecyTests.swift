import LoopbackProvider
import SluiceJSON
import Testing

/// Plants secrets and prompts, then looks for them where they must not be.
@Suite(.timeLimit(.minutes(2))) struct SecrecyTests {
    @Test func noSecretAndNoPromptLeavesForALogAnErrorOrTheDisk() async throws {
        let key = UpstreamTests.key
        let prompt = "canary-prompt-4f1b"
        let reply = "canary-answer-93c2"
        // A provider that is careless with what it was given.
        let provider = try await LoopbackProvider.start { request, number in
            switch number {
            case 0: .chat(text: reply)
            default: .openAIError(400, message: "Bad key \(key), header \(request["Authorization"] ?? "")")
            }
        }
        let gateway = try await UpstreamTests.gateway(provider, arguments: ["--log-format", "json"])
        let token = try await gateway.token()
        let good = try await gateway.prompt(prompt, model: "gpt-4o-mini", token: token)
        _ = try await gateway.end(of: good, token: token)
        let bad = try await gateway.prompt(prompt, model: "gpt-4o-mini", token: token)
        let record = try await gateway.end(of: bad, token: token)
        #expect(record[key: "status"]?.string == "dead")
        var answers = String(decoding: record.bytes, as: UTF8.self)
        for (path, credential) in [
            ("/v1/prompts/nothing", token), ("/v1/prompts", token + "x"), ("/v1/prompts?x=1", token),
        ] {
            answers += try await gateway.send("GET", path, token: credential).text
        }
        answers += try await gateway.send("POST", "/v1/prompts", token: token, body: "{\"prompt\":\"\(prompt)\", oops")
            .text
        for command in [["provider", "list"], ["job", "list"], ["token", "list"], ["audit"]] {
            let process = try Command(command + ["--json", "--data", gateway.home.data])
            _ = await process.ended()
            answers += process.output.text + process.errors.text
        }
        #expect(await gateway.stop() == 0)

        let log = gateway.log
        #expect(log.contains("\"level\":\"debug\""), "nothing was logged, so nothing was shown")
        let stored = String(decoding: try gateway.home.storedBytes(), as: UTF8.self)
        #expect(stored.contains(prompt), "the data directory was not read, so nothing was shown")
        for secret in [key, token] {
            #expect(!log.contains(secret))
            #expect(!stored.contains(secret))
            #expect(!answers.contains(secret))
        }
        #expect(!log.contains(prompt) && !log.contains(reply))
        #expect(!log.contains("oops"))
    }
}
