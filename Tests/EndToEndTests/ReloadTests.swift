import Glibc
import LoopbackProvider
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct ReloadTests {
    private static let body = #"{"type":"chat","model":"new-model","prompt":"x"}"#

    private static func rows(_ model: String) -> String {
        #"{"version":1,"providers":[{"name":"stub","adapter":"stub","type":"chat","models":["stub-*"]},"#
            + #"{"name":"other","adapter":"stub","type":"chat","models":["\#(model)"]}]}"#
    }

    @Test func aHangupReadsTheProvidersAgain() async throws {
        let gateway = try await Gateway.start(in: Home(Self.rows("old-model")))
        let token = try await gateway.token()
        #expect(try await gateway.send("POST", "/v1/prompts", token: token, body: Self.body).status == 400)
        try gateway.home.write(providers: Self.rows("new-model"))
        gateway.process.signal(SIGHUP)
        _ = await gateway.process.logs("providers reloaded")
        #expect(try await gateway.send("POST", "/v1/prompts", token: token, body: Self.body).status == 202)
    }

    @Test func aFaultyFileLeavesTheOldRowsAndSaysWhy() async throws {
        let gateway = try await Gateway.start(in: Home(Self.rows("new-model")))
        let token = try await gateway.token()
        try gateway.home.write(providers: #"{"version":1,"providers":[{"name":"other","adapter":"nobody"}]}"#)
        let reload = try await Command.run("provider", "reload", "--data", gateway.home.data)
        #expect(reload.status == 1)
        #expect(reload.errors.contains("/providers/0/adapter"))
        #expect(try await gateway.send("POST", "/v1/prompts", token: token, body: Self.body).status == 202)
        let list = try await Command.run("provider", "list", "--data", gateway.home.data)
        #expect(list.output.contains("new-model"))
    }

    @Test func aFileWithOneFaultIsRefusedWithThatFault() async throws {
        let gateway = try await Gateway.start(in: Home(Self.rows("new-model")))
        try gateway.home.write(
            providers: #"{"version":1,"providers":[{"name":"a","adapter":"stub","type":"chat","models":[]}]}"#
        )
        let reload = try await Command.run("provider", "reload", "--data", gateway.home.data)
        #expect(reload.status == 1)
        #expect(reload.errors.contains("/providers/0/models: must not be empty"))
        #expect(reload.output.isEmpty)
        let json = try await Command.run("provider", "reload", "--json", "--data", gateway.home.data)
        #expect(json.status == 1)
        let faults = try Document(Array(json.output.utf8)).root[key: "errors"]?.elements ?? []
        #expect(faults.map { $0[key: "pointer"]?.string } == ["/providers/0/models"])
    }

    @Test func withoutAServerThereIsNothingToReload() async throws {
        let home = try Home()
        let reload = try await Command.run("provider", "reload", "--data", home.data)
        #expect(reload.status == 1)
        #expect(reload.errors.contains(home.data))
    }

    @Test func aCheckTellsItsVerdictOnceAndWhereItsRowsStand() async throws {
        let home = try Home(Home.openAI(at: "http://127.0.0.1:9"))
        let check = ["provider", "check", "--providers", home.providers]
        let lacking = try Command(check)
        #expect(await lacking.ended() == 0)
        #expect(lacking.errors.text.isEmpty, "\(lacking.errors.text)")
        #expect(lacking.output.text.contains("LOOPBACK_KEY is not set; set it and try again"))
        #expect(
            lacking.output.all.last
                == "\(home.providers) has no fault; one of its rows can't be used yet: STATE says why."
        )
        let whole = try Command(check, environment: ["LOOPBACK_KEY": "k"])
        #expect(await whole.ended() == 0)
        #expect(whole.errors.text.isEmpty)
        #expect(whole.output.all.last == "\(home.providers) has no fault.")
        #expect(whole.output.all.count { $0.contains("fault") } == 1)
        let json = try Command(check + ["--json"])
        #expect(await json.ended() == 0)
        #expect(json.output.all.count == 1 && json.errors.text.isEmpty)
    }

    @Test func aProviderIsTriedWithOneTinyCall() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            request["Authorization"] == "Bearer sk-good"
                ? .chat(text: "pong") : .openAIError(401, message: "Bad key sk-bad", code: "invalid_api_key")
        }
        let home = try Home(Home.openAI(at: provider.url))
        let arguments = ["provider", "test", "loopback", "--model", "gpt-4o", "--providers", home.providers]
        let good = try Command(arguments, environment: ["LOOPBACK_KEY": "sk-good"])
        #expect(await good.ended() == 0)
        #expect(good.output.text.contains("HTTP 200"))
        #expect(provider.requests.first?.text.contains(#""max_tokens":1"#) == true)
        let bad = try Command(arguments, environment: ["LOOPBACK_KEY": "sk-bad"])
        #expect(await bad.ended() == 1)
        #expect(bad.output.text.contains("authentication") && bad.output.text.contains("HTTP 401"))
        let none = try Command(arguments)
        #expect(await none.ended() == 1)
        #expect(none.errors.text.contains("LOOPBACK_KEY is not set; set it and try again"))
        #expect(!none.errors.text.contains("gateway"))
    }
}
