import Foundation
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Tables of prices, and what is told of them.
@Suite("Prices", .timeLimit(.minutes(2)))
struct PriceTests {
    /// A table in which the loopback's models cost two dollars for each token that is written.
    private static func table(uploaded: String, output: String = "2000000000000") -> String {
        """
        {"format":1,"source":{"package":"own","version":"1","uploaded":"\(uploaded)"},"lists":[
        {"id":"mine","hosts":["127.0.0.1"],"models":[{"id":"gpt-m","is":["gpt-m"],"prices":[{"units":{"input":0,"output":\(output)}}]}]}]}
        """
    }

    private static func usage(_ home: Home, _ options: String...) async throws -> JSONValue {
        let done = try await Command.run(["usage", "--json", "--data", home.data] + options)
        guard done.status == 0 else { throw HarnessError(done.errors) }
        return try Document(Array(done.output.utf8)).root
    }

    @Test("are those of the operator's file, and what it does not know is listed as unpriced")
    func file() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            let model = (try? Document(request.body))?.root[key: "model"]?.string ?? ""
            return .answer(.chat, ["Hello"], id: "call-\(model)", usage: (input: 3, output: 5), isStream: false)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let file = home.path + "/prices.json"
        try home.write(Self.table(uploaded: "2020-01-01T00:00:00Z"), to: file)
        let gateway = try await Gateway.start(
            in: home,
            ["--prices", file],
            environment: ["LOOPBACK_KEY": UpstreamTests.key]
        )
        _ = await gateway.process.logs("older than the built-in table")
        let token = try await gateway.token()
        for model in ["gpt-m", "gpt-nobody"] {
            let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"Hello"}]}"#
            let answer = try await gateway.send("POST", "/v1/chat/completions", token: token, body: body)
            #expect(answer.status == 200)
        }
        let all = try await Self.usage(home, "--by", "model")
        #expect(all[key: "usage"]?.elements.map { $0[key: "model"]?.string } == ["gpt-m", "gpt-nobody"])
        #expect(all[key: "total"]?[key: "costUSD"]?.string == "10")
        let unpriced = try await Self.usage(home, "--unpriced")
        #expect(unpriced[key: "usage"]?.elements.map { $0[key: "model"]?.string } == ["gpt-nobody"])
        #expect(unpriced[key: "usage"]?[0]?[key: "provider"]?.string == "loopback")
        let advice = try await Command.run("usage", "--unpriced", "--data", home.data)
        #expect(advice.output.contains("gpt-nobody") && !advice.output.contains("gpt-m"))
        #expect(advice.errors.contains("sluice price set"))
        let charged = try await Command.run("usage", "--possibly-charged", "--data", home.data)
        #expect(charged.output.isEmpty && charged.errors.contains("All that was used in that time is known."))
        #expect(try await Command.run("usage", "--possibly-charged", "--unpriced", "--data", home.data).status == 64)
    }

    @Test("of a file that can't be taken are refused at the start, with the place, before anything is made")
    func broken() async throws {
        let home = try Home()
        let file = home.path + "/prices.json"
        let serve = ["serve", "--port", "0", "--data", home.data, "--providers", home.providers, "--prices", file]
        for (text, words) in [
            (nil, "can't be read"), ("{", "line 1"),
            (Self.table(uploaded: "2026-01-01T00:00:00Z", output: "-1"), "negative"),
        ] as [(String?, String)] {
            if let text { try home.write(text, to: file) }
            let refused = try await Command.run(serve)
            #expect(refused.status == 1)
            #expect(refused.errors.contains(file) && refused.errors.contains(words))
            #expect(!FileManager.default.fileExists(atPath: home.data))
        }
    }

    @Test("are shown of a model, the file's before the built-in ones, and refused for a name that nobody knows")
    func shown() async throws {
        let home = try Home()
        let file = home.path + "/prices.json"
        try home.write(Self.table(uploaded: "2026-01-01T00:00:00Z"), to: file)
        let own = try await Command.run("price", "show", "gpt-m", "--prices", file)
        #expect(own.status == 0)
        #expect(own.output.contains("mine") && own.output.contains("2000000"))
        let builtIn = try await Command.run("price", "show", "gpt-4o", "--provider", "openai", "--json")
        let root = try Document(Array(builtIn.output.utf8)).root
        #expect(root[key: "exact"]?.boolean == true)
        let input = root[key: "prices"]?.elements.first {
            $0[key: "unit"]?.string == "input" && $0[key: "when"]?.elements.isEmpty == true
        }
        #expect(input?[key: "usd"]?.string == "2.5" && input?[key: "per"]?.integer == 1_000_000)
        let unknown = try await Command.run("price", "show", "nobody-s-model")
        #expect(unknown.status == 1 && unknown.errors.contains("sluice price set"))
        let list = try await Command.run("price", "show", "gpt-4o", "--provider", "opneai")
        #expect(list.status == 1 && list.errors.contains("openai"))
        #expect(try await Command.run("price", "show", "gpt-4o", "--at", "yesterday").status == 64)
    }

    @Test("set for a model are like another's, or hold from a day on, and are taken away")
    func set() async throws {
        let home = try Home(Home.openAI(at: "http://127.0.0.1:1", #","pricing":"openai""#))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        func set(_ options: String...) async throws -> (status: Int32, errors: String) {
            let arguments = ["price", "set", "gpt-new", "--provider", "loopback", "--data", home.data] + options
            let done = try await Command.run(arguments)
            return (done.status, done.errors)
        }
        #expect(try await set("--like", "gpt-4o").status == 0)
        #expect(try await set("--input", "3", "--output", "12", "--from", "2027-01-01").status == 0)
        #expect(try await set("--input", "4", "--output", "16", "--from", "2027-01-01").status == 0)
        let listed = try await Command.run("price", "list", "--json", "--data", home.data)
        let forms = try Document(Array(listed.output.utf8)).root[key: "prices"]?[0]?[key: "prices"]
        #expect(forms?.elements.map { $0[key: "like"]?.string } == ["gpt-4o", nil])
        #expect(forms?.elements.map { $0[key: "input"]?.string } == [nil, "4"])
        let unknown = try await set("--like", "nobody-s-model")
        #expect(unknown.status == 1 && unknown.errors.contains("nobody-s-model"))
        #expect(try await set("--input", "3", "--from", "tomorrow").status == 1)
        for wrong in [
            ["--like", "gpt-4o", "--input", "1"], ["--from", "2027-01-01"], ["--remove", "--like", "gpt-4o"],
        ] {
            let done = try await Command.run(
                ["price", "set", "gpt-new", "--provider", "loopback", "--data", home.data] + wrong
            )
            #expect(done.status == 64)
        }
        #expect(try await set("--remove").status == 0)
        #expect(try await Command.run("price", "list", "--data", home.data).output.isEmpty)
        #expect(await gateway.stop() == 0)
    }

    @Test("come with the licences of those from whose work they are")
    func licences() async throws {
        let done = try await Command.run("--licences")
        #expect(done.status == 0)
        for words in ["Pydantic Services", "Berri AI", "without warranty", "copyright notice"] {
            #expect(done.output.lowercased().contains(words.lowercased()), "\(words)")
        }
        #expect(try await Command.run().output.contains("SUBCOMMANDS"))
    }
}
