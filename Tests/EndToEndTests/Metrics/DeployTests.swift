import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Whether what is handed out for Prometheus and Grafana fits what the gateway tells.
@Suite("The alerts, the board and the page of metrics", .timeLimit(.minutes(3)))
struct DeployTests {
    private static func file(_ path: String) throws -> String {
        try String(contentsOfFile: FileManager.default.currentDirectoryPath + "/" + path, encoding: .utf8)
    }

    /// The names of series in a text.
    private static func names(in text: String) -> Set<String> {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        let series = words.filter { $0.hasPrefix("sluice_") || $0.hasPrefix("gen_ai_client_") }
        return Set(
            series.map { word in
                for suffix in ["_bucket", "_sum", "_count"] where word.hasSuffix(suffix) {
                    return String(word.dropLast(suffix.count))
                }
                return String(word)
            }
        )
    }

    private static func page() async throws -> String {
        let gateway = try await Gateway.start(in: try Home())
        let token = try await gateway.token("collector", "--scope", "metrics")
        let page = try await gateway.send("GET", "/metrics", token: token).text
        #expect(await gateway.stop() == 0)
        return page
    }

    @Test("name nothing that is not exposed, and the page of the docs names all that is")
    func names() async throws {
        let exposed = Set(MetricsSeen(try await Self.page()).types.keys)
        let alerts = Self.names(in: try Self.file("deploy/prometheus/alerts.yml"))
        let board = Self.names(in: try Self.file("deploy/grafana/sluice.json"))
        let docs = Self.names(in: try Self.file("docs/metrics.md"))
        #expect(alerts.subtracting(exposed) == [] && !alerts.isEmpty)
        #expect(board.subtracting(exposed) == [] && !board.isEmpty)
        #expect(docs == exposed)
        // A test of an alert names what the alert asks for.
        let tested = Self.names(in: try Self.file("deploy/prometheus/alerts_test.yml"))
        #expect(alerts.subtracting(tested) == [])
    }

    @Test("lead to a chapter of the runbook, each")
    func runbook() throws {
        let chapters = try Self.file("docs/runbook.md").split(separator: "\n").filter { $0.hasPrefix("## ") }
            .map { $0.dropFirst(3).lowercased().replacing(" ", with: "-") }
        let alerts = try Self.file("deploy/prometheus/alerts.yml").split(separator: "\n")
        let links = alerts.filter { $0.contains("runbook: ") }.compactMap {
            $0.split(separator: "#").last.map(String.init)
        }
        #expect(links.count == alerts.count { $0.contains("- alert: ") } && !links.isEmpty)
        #expect(Set(links).subtracting(chapters) == [])
    }

    @Test(
        "fire when they should, and not in a quiet hour",
        .enabled(if: Promtool.isInstalled, Comment(rawValue: Promtool.missing))
    )
    func alerts() async throws {
        let folder = FileManager.default.currentDirectoryPath + "/deploy/prometheus"
        let verdict = try await Promtool.run("test", "rules", "alerts_test.yml", directory: folder)
        #expect(verdict.status == 0, "\(verdict.output) \(verdict.errors)")
        let checked = try await Promtool.run("check", "config", "prometheus.yml", directory: folder)
        #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
    }

    @Test(
        "are answered by Prometheus, which has scraped the gateway",
        .enabled(if: Promtool.isInstalled, Comment(rawValue: Promtool.missing))
    )
    func scraped() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
        }
        let home = try Home(
            Home.openAI(at: provider.url, #","prices":{"gpt-*":{"input":1,"output":2,"maxOutput":9}}"#)
        )
        let (own, theirs) = (try FreePort.find(from: 19_864), try FreePort.find(from: 20_064))
        let gateway = try await Gateway.start(
            in: home,
            ["--metrics-address", "127.0.0.1:\(own)"],
            environment: ["LOOPBACK_KEY": UpstreamTests.key]
        )
        let token = try await gateway.token("team-a")
        let limit = try await Command.run(
            "owner",
            "limit",
            "team-a",
            "--budget",
            "5",
            "--per",
            "day",
            "--data",
            home.data
        )
        #expect(limit.status == 0)
        // Something of everything that only comes with calls, and a job that waits.
        let body = #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#
        #expect(try await gateway.send("POST", "/v1/chat/completions", token: token, body: body).status == 200)
        let prompt = #"{"type":"chat","model":"gpt-a","prompt":"Hi","delaySeconds":3600}"#
        #expect(try await gateway.send("POST", "/v1/prompts", token: token, body: prompt).status == 202)
        try home.write(
            """
            global: {scrape_interval: 200ms}
            scrape_configs:
              - job_name: sluice
                static_configs: [{targets: ["127.0.0.1:\(own)"]}]
            """,
            to: home.path + "/prometheus.yml"
        )
        let prometheus = try Command(
            [
                "--config.file=\(home.path)/prometheus.yml", "--storage.tsdb.path=\(home.path)/tsdb",
                "--web.listen-address=127.0.0.1:\(theirs)",
            ],
            program: "/usr/bin/prometheus"
        )
        let asked = Self.names(in: try Self.file("deploy/grafana/sluice.json"))
        let types = MetricsSeen(
            try await Command.shell("curl -sS http://127.0.0.1:\(own)/metrics").output
        ).types
        var missing = asked
        while !missing.isEmpty {
            try Task.checkCancellation()
            for name in missing {
                let series = types[name] == "histogram" ? name + "_count" : name
                let found = try await Command.shell(
                    "curl -sS 'http://127.0.0.1:\(theirs)/api/v1/query?query=\(series)'"
                )
                if found.output.contains(#""metric":{"#) { missing.remove(name) }
            }
            // What no call brings about in a moment.
            missing.subtract(["sluice_possibly_charged_total", "sluice_unpriced_calls_total"])
        }
        prometheus.signal(SIGTERM)
        _ = await prometheus.ended()
        #expect(await gateway.stop() == 0)
    }
}
