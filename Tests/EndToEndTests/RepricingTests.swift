import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Prices of the past, changed by the built program.
@Suite("Pricing the past anew", .timeLimit(.minutes(5)))
struct RepricingTests {
    /// More calls than a moment reprices.
    private static let copies = 8000

    /// Sets the price that gpt-new has lacked.
    private static func setPrice(_ home: Home) async throws -> Outcome {
        try await Command.run(
            "price",
            "set",
            "gpt-new",
            "--provider",
            "loopback",
            "--input",
            "0",
            "--output",
            "2000000",
            "--data",
            home.data
        )
    }

    private static func json(_ home: Home, _ arguments: String...) async throws -> JSONValue {
        let done = try await Command.run(arguments + ["--json", "--data", home.data])
        guard done.status == 0 else { throw HarnessError(done.errors) }
        return try Document(Array(done.output.utf8)).root
    }

    private static func total(_ home: Home) async throws -> JSONValue {
        try #require(try await json(home, "usage")[key: "total"])
    }

    private static func isSound(_ home: Home) async throws -> Bool {
        try await Command.run("check", "--data", home.data).status == 0
    }

    private static func call(_ gateway: Gateway, _ token: String, _ model: String) async throws {
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"Hello"}]}"#
        let answer = try await gateway.send("POST", "/v1/chat/completions", token: token, body: body)
        #expect(answer.status == 200)
    }

    private static func start(_ home: Home) async throws -> Gateway {
        try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
    }

    private static func loopback() async throws -> LoopbackProvider {
        try await LoopbackProvider.start { _, _ in
            .answer(.chat, ["Hello"], id: "call-1", usage: (input: 3, output: 5), isStream: false)
        }
    }

    @Test("gives calls without a price one, mends a wrong one, and takes either back; sums and budgets follow")
    func mended() async throws {
        let provider = try await Self.loopback()
        let home = try Home(Home.openAI(at: provider.url, #","prices":{"gpt-wrong":{"input":0,"output":1000000}}"#))
        let gateway = try await Self.start(home)
        let token = try await gateway.token()
        let limit = try await Command.run(
            "owner",
            "limit",
            "test",
            "--budget",
            "100000000",
            "--per",
            "ever",
            "--unpriced",
            "allow",
            "--data",
            home.data
        )
        #expect(limit.status == 0)
        for model in ["gpt-wrong", "gpt-wrong", "gpt-new"] { try await Self.call(gateway, token, model) }
        #expect(try await Self.total(home)[key: "costUSD"]?.string == "10")

        let nothing = try await Self.json(home, "price", "reprice", "--since", "1d")
        #expect(nothing[key: "changed"]?.integer == 0)
        let set = try await Self.setPrice(home)
        #expect(set.errors.contains("1 call before had no price") && set.errors.contains("sluice price reprice"))

        let tried = try await Self.json(home, "price", "reprice", "--since", "1d", "--dry-run")
        #expect(tried[key: "run"]?.isNull == true && tried[key: "changed"]?.integer == 1)
        #expect(tried[key: "total"]?[key: "after"]?[key: "costUSD"]?.string == "10")
        #expect(try await Self.total(home)[key: "unpriced"]?.integer == 1)

        let priced = try await Self.json(home, "price", "reprice", "--since", "1d")
        #expect(priced[key: "changed"]?.integer == 1)
        #expect(try await Self.total(home)[key: "costUSD"]?.string == "20")
        #expect(try await Self.total(home)[key: "unpriced"]?.integer == 0)

        // The price was a million times what it should have been.
        try home.write(
            providers: Home.openAI(at: provider.url, #","prices":{"gpt-wrong":{"input":0,"output":1}}"#)
        )
        #expect(try await Command.run("provider", "reload", "--data", home.data).status == 0)
        let mended = try await Command.run(
            "price",
            "reprice",
            "--since",
            "1d",
            "--model",
            "gpt-wrong",
            "--data",
            home.data
        )
        #expect(mended.status == 0 && mended.output.contains("gpt-wrong"))
        #expect(mended.errors.contains("2 calls"))
        #expect(try await Self.total(home)[key: "costUSD"]?.string == "10.00001")
        let standing = try await Self.json(home, "owner", "limit", "test")
        #expect(standing[key: "spent"]?.string == "10.00001")

        let audit = try await Self.json(home, "audit", "--action", "reprice")
        let runs = audit[key: "entries"]?.elements.compactMap { $0[key: "subject"]?.string } ?? []
        let run = try #require(runs.first?.split(separator: " ").last.map(String.init))
        let back = try await Self.json(home, "price", "reprice", "--undo", run)
        #expect(back[key: "changed"]?.integer == 2)
        #expect(try await Self.total(home)[key: "costUSD"]?.string == "20")
        #expect(try await Self.json(home, "owner", "limit", "test")[key: "spent"]?.string == "20")
        let again = try await Self.json(home, "price", "reprice", "--undo", run)
        #expect(again[key: "changed"]?.integer == 0 && again[key: "left"]?[key: "changedSince"]?.integer == 2)
        #expect(try await Self.isSound(home))
    }

    @Test("killed in the middle and repeated ends the same, and is taken back as a whole")
    func killed() async throws {
        let provider = try await Self.loopback()
        let home = try Home(Home.openAI(at: provider.url))
        let first = try await Self.start(home)
        let token = try await first.token()
        try await Self.call(first, token, "gpt-new")
        #expect(await first.stop() == 0)
        try await Self.copy(Self.copies - 1, in: home)
        #expect(try await Self.isSound(home))
        let set = try await Self.setPrice(home)
        #expect(set.status == 0 && set.errors.contains("\(Self.copies) calls"))

        let second = try await Self.start(home)
        async let broken = Command.run("price", "reprice", "--since", "1d", "--data", home.data)
        var left = Int64(Self.copies)
        while left == Int64(Self.copies) { left = try await Self.total(home)[key: "unpriced"]?.integer ?? 0 }
        #expect(await second.stop(SIGKILL) == 128 + SIGKILL)
        #expect(try await broken.status == 1)
        #expect(try await Self.isSound(home))
        left = try await Self.total(home)[key: "unpriced"]?.integer ?? 0
        #expect(left > 0 && left < Int64(Self.copies), "it was not killed in the middle: \(left) are left")

        let third = try await Self.start(home)
        let whole = try await Self.json(home, "price", "reprice", "--since", "1d")
        #expect(whole[key: "run"]?.integer == 1)
        #expect(whole[key: "changed"]?.integer == left)
        #expect(try await Self.total(home)[key: "costUSD"]?.string == "\(Self.copies * 10)")
        let back = try await Self.json(home, "price", "reprice", "--undo", "1")
        #expect(back[key: "changed"]?.integer == Int64(Self.copies))
        #expect(try await Self.total(home)[key: "unpriced"]?.integer == Int64(Self.copies))
        #expect(await third.stop() == 0)
        #expect(try await Self.isSound(home))
    }

    /// Copies the one line of a ledger, the sums of its day with it.
    private static func copy(_ times: Int, in home: Home) async throws {
        let program = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            names = [row[1] for row in db.execute("PRAGMA table_info(ledger)")]
            rest = ", ".join(name for name in names if name != "job")
            db.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                       f"INSERT INTO ledger (job, {rest}) SELECT randomblob(16), {rest} FROM n CROSS JOIN ledger", [int(sys.argv[2])])
            sums = [row[1] for row in db.execute("PRAGMA table_info(usage_day)") if row[5] == 0]
            factor = int(sys.argv[2]) + 1
            db.execute("UPDATE usage_day SET " + ", ".join(f"{name} = {name} * {factor}" for name in sums))
            db.commit()
            """
        let python = try Command(["-c", program, home.data + "/sluice.db", String(times)], program: "/usr/bin/python3")
        let status = await python.ended()
        guard status == 0 else { throw HarnessError("the ledger was not filled: \(python.errors.text)") }
    }

    @Test("says what is wrong with what it is asked")
    func refused() async throws {
        let home = try Home()
        let offline = ["price", "reprice", "--since", "7d", "--data", home.data]
        _ = try await home.token()
        let stopped = try await Command.run(offline)
        #expect(stopped.status == 1 && stopped.errors.contains("sluice serve"))
        let gateway = try await Self.start(home)
        let unknown = try await Command.run("price", "reprice", "--undo", "7", "--data", home.data)
        #expect(unknown.status == 1 && unknown.errors.contains("no run 7"))
        let empty = try await Command.run(offline)
        #expect(empty.status == 0 && empty.errors.contains("Nothing has changed"))
        for wrong in [
            [], ["--undo", "1", "--all"], ["--since", "soon"], ["--since", "1d", "--until", "2d"], ["--undo", "x"],
        ] {
            #expect(try await Command.run(["price", "reprice", "--data", home.data] + wrong).status == 64)
        }
        #expect(await gateway.stop() == 0)
    }
}
