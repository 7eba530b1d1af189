import Foundation
import LoopbackProvider
import SluiceJSON
import Synchronization
import Testing

/// A collector on this machine: it takes what it is sent, and has it read by OpenTelemetry's own definitions.
final class Collector: Sendable {
    /// A span as it was told.
    struct Span: Sendable {
        var id: String
        var told: JSONValue

        var trace: String { self["trace"] }
        var parent: String { self["parent"] }
        var name: String { self["name"] }
        var isError: Bool { told[key: "error"]?.boolean == true }
        /// How often it was sent.
        var times: Int { told[key: "times"]?.integer.flatMap { Int(exactly: $0) } ?? 0 }
        var links: [(trace: String, span: String)] {
            (told[key: "links"]?.elements ?? []).map {
                ($0[key: "trace"]?.string ?? "", $0[key: "span"]?.string ?? "")
            }
        }

        /// A text of it; empty for none.
        subscript(_ member: String) -> String { told[key: member]?.string ?? "" }

        func attribute(_ name: String) -> String? { told[key: "attributes"]?[key: name]?.string }

        func number(_ name: String) -> Int? {
            told[key: "attributes"]?[key: name]?.integer.flatMap { Int(exactly: $0) }
        }
    }

    let server: LoopbackProvider
    private let folder: String

    /// Starts one, which takes everything unless `script` answers otherwise.
    ///
    /// - Throws: what the system says against listening.
    init(in home: Home, _ script: @escaping LoopbackProvider.Script = { _, _ in .response(text: "") }) async throws {
        server = try await LoopbackProvider.start(script)
        folder = home.path + "/collected"
    }

    /// What has a gateway send to it, soon after each thing.
    var environment: [String: String] {
        [
            "OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_METRIC_EXPORT_INTERVAL": "500",
        ]
    }

    /// All that it was sent: spans, and everything else by its name.
    func read() async throws -> (spans: [Span], others: Python.Seen) {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (place, request) in server.requests.enumerated() {
            let signal = request.path.split(separator: "/").last ?? ""
            let ending = request["content-type"] == "application/json" ? "json" : "protobuf"
            let name = String(format: "%@-%06d.%@", String(signal), place, ending)
            try Data(request.body).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        let seen = try await Python.run("otlp", [folder], at: "", key: "")
        let spans = seen.filter { $0.value[key: "trace"] != nil }.map { Span(id: $0.key, told: $0.value) }
        return (spans.sorted { $0.id < $1.id }, seen.filter { $0.value[key: "trace"] == nil })
    }

    /// All spans, once there are those of which `isEnough` is true.
    func spans(once isEnough: ([Span]) -> Bool) async throws -> [Span] {
        var count = 0
        while true {
            try Task.checkCancellation()
            let spans = try await read().spans
            if isEnough(spans) { return spans }
            count = max(count, server.requests.count) + 1
            _ = await server.requests(atLeast: count)
        }
    }
}

extension [Collector.Span] {
    /// Those of a job, by their names.
    func of(_ job: String) -> [Collector.Span] { filter { $0.attribute("sluice.job") == job } }

    func named(_ name: String) -> [Collector.Span] { filter { $0.name == name } }
}
