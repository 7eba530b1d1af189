import SluiceEngine
import SluiceHTTP
import SluiceProvider
import SluiceTelemetry
import SluiceTypes

/// What OpenTelemetry's own variables say of where spans and metrics go.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>.
struct ExportVariables {
    /// Nil where nothing is to be sent.
    private(set) var settings: ExportSettings?
    /// What is not done as a variable says, each in a sentence.
    private(set) var notes: [String] = []

    private let variables: [String: String]

    /// A variable by which nothing would be delivered.
    struct Fault: Error, CustomStringConvertible {
        var name: String
        var sentence: String

        var description: String { "\(name) \(sentence)" }
    }

    /// Reads the variables of the environment.
    ///
    /// They are often set for many programs at once. So only what says where to send, and how, can be refused; any other value that
    /// can't be read is passed over with a note, as OpenTelemetry's specification asks for.
    ///
    /// - Throws: ``Fault``.
    init(_ environment: [String: String]) throws(Fault) {
        // An empty variable is how many supervisors spell one that is not set.
        variables = environment.filter { $0.key.hasPrefix("OTEL_") && !$0.value.isEmpty }
        guard variables["OTEL_SDK_DISABLED"]?.lowercased() != "true" else { return }
        let traces = try target(.traces)
        let metrics = try target(.metrics)
        guard traces != nil || metrics != nil else {
            notes = []
            return
        }
        let ignored = variables.keys.filter { !ExportVariables.known.contains($0) }.sorted()
        if !ignored.isEmpty {
            notes.append("These variables say something that is not done here: \(ignored.joined(separator: ", ")).")
        }
        let sampler = sampler()
        settings = ExportSettings(
            traces: traces,
            metrics: metrics,
            sampler: sampler,
            queue: number("OTEL_BSP_MAX_QUEUE_SIZE", 1...1_000_000) ?? 2048,
            batch: number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1...100_000) ?? 512,
            delay: .milliseconds(number("OTEL_BSP_SCHEDULE_DELAY", 1...3_600_000) ?? 5000),
            interval: .milliseconds(number("OTEL_METRIC_EXPORT_INTERVAL", 100...86_400_000) ?? 60_000),
            sendsDeltas: word(ExportVariables.temporality, among: ["cumulative", "delta", "lowmemory"])
                .map { $0 != "cumulative" } ?? false,
            resource: resource()
        )
    }

    private static let temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"

    /// What was said, for whoever looks at a server's settings: of headers only that there are some, and no URL's query.
    var told: [SettingFact] {
        ExportVariables.known.sorted().compactMap { name in
            variables[name].map { value in
                let shown = name.hasSuffix("_HEADERS") ? "(set)" : String(value.prefix { $0 != "?" })
                return SettingFact(name, shown, .variable)
            }
        }
    }

    private enum Signal: String {
        case traces = "TRACES"
        case metrics = "METRICS"

        var path: String { "/v1/\(rawValue.lowercased())" }
    }

    private static let perSignal = ["ENDPOINT", "HEADERS", "TIMEOUT", "PROTOCOL", "COMPRESSION"]

    /// Those that are honoured.
    private static let known = Set(
        perSignal.flatMap { part in ["", "TRACES_", "METRICS_"].map { "OTEL_EXPORTER_OTLP_\($0)\(part)" } } + [
            "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
            "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL",
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
        ]
    )

    // MARK: Where to

    private mutating func target(_ signal: Signal) throws(Fault) -> ExportSettings.Target? {
        guard let url = try url(signal), isWanted(signal) else { return nil }
        let timeout = number(given(signal, "TIMEOUT").name, 1...600_000) ?? 10_000
        let compression = word(given(signal, "COMPRESSION").name, among: ["gzip", "none"]) ?? "gzip"
        return ExportSettings.Target(
            url: url,
            headers: try headers(signal),
            timeout: .milliseconds(timeout),
            isCompressed: compression == "gzip",
            format: try format(signal)
        )
    }

    /// Whether a signal is to be sent over OTLP: of a list of ways this is the one that is known here.
    private mutating func isWanted(_ signal: Signal) -> Bool {
        let name = "OTEL_\(signal.rawValue)_EXPORTER"
        let words = (variables[name] ?? "otlp").split(separator: ",").map { String($0).trimming(" ").lowercased() }
        let others = words.filter { !["otlp", "none"].contains($0) }
        if !others.isEmpty { note(name, "only otlp and none are known here") }
        return words.contains("otlp")
    }

    /// The variable of a signal's own, where it is set, else the one for all.
    private func given(_ signal: Signal, _ part: String) -> (name: String, value: String?) {
        let own = "OTEL_EXPORTER_OTLP_\(signal.rawValue)_\(part)"
        let common = "OTEL_EXPORTER_OTLP_\(part)"
        return variables[own] == nil ? (common, variables[common]) : (own, variables[own])
    }

    /// Nil where none is given: then nothing is sent.
    private func url(_ signal: Signal) throws(Fault) -> String? {
        let (name, value) = given(signal, "ENDPOINT")
        guard let value else { return nil }
        guard HTTPAddress.isOne(value), !value.contains("#") else {
            throw Fault(
                name: name,
                sentence: "must be the URL of a collector that takes OTLP over HTTP, as in http://127.0.0.1:4318"
            )
        }
        let begin = value.firstRange(of: "://").map { value[$0.upperBound...] } ?? value[...]
        guard !begin.prefix(while: { $0 != "/" && $0 != "?" }).contains("@") else {
            throw Fault(
                name: name,
                sentence: "must hold no user and no password; OTEL_EXPORTER_OTLP_HEADERS takes them"
            )
        }
        guard name == "OTEL_EXPORTER_OTLP_ENDPOINT" else { return value }
        guard !value.contains("?") else {
            throw Fault(
                name: name,
                sentence:
                    "must have no query, since paths are added to it; OTEL_EXPORTER_OTLP_\(signal.rawValue)_ENDPOINT is taken as it is"
            )
        }
        return (value.hasSuffix("/") ? String(value.dropLast()) : value) + signal.path
    }

    private func format(_ signal: Signal) throws(Fault) -> ExportSettings.Format {
        let (name, value) = given(signal, "PROTOCOL")
        switch value ?? "http/protobuf" {
        case "http/protobuf": return .protobuf
        case "http/json": return .json
        case "grpc":
            throw Fault(
                name: name,
                sentence:
                    "can't be grpc: this gateway speaks http/protobuf and http/json, to which collectors listen on port 4318"
            )
        case let other:
            let shown = Printable.line(String(other.prefix(40)))
            throw Fault(name: name, sentence: "must be http/protobuf or http/json, not '\(shown)'")
        }
    }

    /// Pairs with commas between them, their values percent-encoded; no fault shows what stands there.
    private func headers(_ signal: Signal) throws(Fault) -> [SecretHeader] {
        let (name, value) = given(signal, "HEADERS")
        guard let pairs = pairs(value ?? "") else {
            throw Fault(
                name: name,
                sentence: "must be header fields as in name=value,other=value, values percent-encoded"
            )
        }
        return try pairs.map { pair throws(Fault) in
            let isName = pair.name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            guard isName, pair.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw Fault(name: name, sentence: "holds what can't stand in a header field")
            }
            guard !ExportVariables.ownFields.contains(pair.name.lowercased()) else {
                throw Fault(name: name, sentence: "must not say \(pair.name), which is the message's own")
            }
            return SecretHeader(name: pair.name, prefix: "", secret: Secret(pair.value))
        }
    }

    /// What says how a message is spelled and framed, and what becomes of its connection.
    private static let ownFields: Set<String> = [
        "connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// Nil for what are none.
    private func pairs(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for piece in text.split(separator: ",") {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                PercentEncoding.decode(String(part).trimming(" \t"))
            }
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }

    // MARK: What

    private mutating func sampler() -> TraceSampler {
        let words = [
            "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
            "parentbased_traceidratio",
        ]
        let word = word("OTEL_TRACES_SAMPLER", among: words) ?? "parentbased_always_on"
        var share = word.hasSuffix("always_off") ? 0.0 : 1
        let argument = "OTEL_TRACES_SAMPLER_ARG"
        if word.hasSuffix("traceidratio"), let text = variables[argument] {
            if let given = Double(text), (0...1).contains(given) {
                share = given
            } else {
                note(argument, "it must be a share from 0 to 1, as in 0.1")
            }
        }
        return TraceSampler(share: share, obeysCaller: word.hasPrefix("parentbased"))
    }

    private mutating func resource() -> [(name: String, value: String)] {
        let name = "OTEL_RESOURCE_ATTRIBUTES"
        let given = pairs(variables[name] ?? "")
        if given == nil { note(name, "it must be attributes as in name=value,other=value") }
        var resource = given ?? []
        let service = variables["OTEL_SERVICE_NAME"] ?? resource.first { $0.name == "service.name" }?.value ?? "sluice"
        resource.removeAll { $0.name == "service.name" }
        return [("service.name", service)] + resource
    }

    // MARK: Values

    private mutating func note(_ name: String, _ reason: String) {
        let shown = Printable.line(String((variables[name] ?? "").prefix(40)))
        let sentence = "The value '\(shown)' of \(name) is passed over: \(reason)."
        if !notes.contains(sentence) { notes.append(sentence) }
    }

    private mutating func word(_ name: String, among words: [String]) -> String? {
        guard let text = variables[name] else { return nil }
        if let word = words.first(where: { $0 == text.lowercased() }) { return word }
        note(name, "it must be \(words.joined(separator: ", "))")
        return nil
    }

    private mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = variables[name] else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        note(name, "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}

extension String {
    /// Without those characters at both ends.
    fileprivate func trimming(_ characters: String) -> String {
        String(drop { characters.contains($0) }.reversed().drop { characters.contains($0) }.reversed())
    }
}
