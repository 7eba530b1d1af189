import Crypto
import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads one row.
///
/// Every part is read even when another is faulty, so that all faults are found.
struct ProviderRowParser {
    let fields: Fields
    let adapters: [any AdapterSource]
    let credentials: CredentialReader
    /// The members of the row, by their JSON pointers in it, whose values only look like secrets.
    let notSecret: Set<String>
    /// The proxies of rows that name none.
    let proxies: StandingProxies

    static let endpointMembers = [
        "baseURL", "credential", "headers", "query", "timeoutSeconds", "connectSeconds", "firstByteSeconds",
        "idleSeconds", "auth", "secretHeaders", "allowPlainHTTP", "allowPrivate", "http", "answerLimitBytes",
        "outboundProxy",
    ]
    private static let otherMembers = [
        "name", "adapter", "type", "models", "listed", "modelMap", "parameters", "concurrency", "priority", "weight",
        "affinity", "finish", "settings", "notSecret", "betas", "version", "sharedState", "keepsResponses",
        "receivesHistory", "store", "pricing", "prices", "multiplier", "costFrom", "afterCancel",
        "usage", "trace",
    ]

    var faults: FaultList { fields.faults }

    /// The row; nil when it can't be made.
    ///
    /// A row that comes with faults is not to be used.
    func read() async -> ProviderRow? {
        fields.refuseUnknown(known: ProviderRowParser.otherMembers + ProviderRowParser.endpointMembers)
        let name = readName()
        let source = readSource()
        let operations = readOperations(source?.manifest)
        let models = readModels()
        let secretHeaders = readSecretHeaders(source?.manifest)
        var endpoint = readEndpoint(source?.manifest, secretHeaders.headers)
        let proxyProblem = readProxy(&endpoint)
        let found = fields["credential"].map { credentials.read($0, faults) } ?? []
        var opened: (any Adapter)?
        if let source { opened = await open(source) }
        let configuration = Array(fields.object.bytes)
        var row = ProviderRow(
            name: name ?? "",
            adapterID: source?.manifest.id ?? "",
            adapter: opened ?? NoAdapter(),
            operations: operations,
            formats: source?.manifest.formats ?? [],
            models: models,
            listed: readListed(models),
            endpoint: endpoint,
            credentials: found,
            modelMap: readModelMap(models),
            parameters: readParameters(),
            priority: fields.integer("priority", in: -1_000_000...1_000_000, default: 0),
            weight: fields.integer("weight", in: 1...1_000_000, default: 1),
            concurrency: fields.integer("concurrency", in: 1...100_000),
            keepsSessions: readAffinity(),
            finishesAtMark: readFinish(),
            betas: readBetas(source?.manifest, endpoint),
            version: readVersion(source?.manifest),
            sendsTrace: fields.boolean("trace"),
            statePolicy: readState(source?.manifest, endpoint),
            pricing: readPricing()
        )
        let problems = [ProviderRowParser.reason(found), proxyProblem].compactMap(\.self) + secretHeaders.problems
        row.unavailable = problems.isEmpty ? nil : problems.joined(separator: "; ")
        row.configuration = configuration
        row.configurationHash = ProviderRowParser.hash(configuration)
        return opened == nil || name == nil ? nil : row
    }

    private func readAffinity() -> Bool {
        guard let text = fields.string("affinity") else { return true }
        if let value = fields["affinity"], !["none", "session"].contains(text) {
            faults.add(value, "must be \"session\" (as without it) or \"none\", which spreads calls by chance")
        }
        return text != "none"
    }

    private func readFinish() -> Bool {
        guard let text = fields.string("finish") else { return false }
        if let value = fields["finish"], !["mark", "reason"].contains(text) {
            faults.add(
                value,
                "must be \"reason\" (as without it) or \"mark\", for a provider that never says why it stops"
            )
        }
        return text == "mark"
    }

    /// Why none of the credentials can be used; nil when one can, or none is needed.
    private static func reason(_ credentials: [Credential]) -> String? {
        guard !credentials.isEmpty, credentials.allSatisfy({ $0.secret == nil }) else { return nil }
        return credentials.compactMap(\.problem).joined(separator: "; ")
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private func readName() -> String? {
        guard let name = fields.string("name", required: true) else { return nil }
        let isPlain = name.utf8.allSatisfy {
            (48...57).contains($0) || (97...122).contains($0 | 0x20) || "._-".utf8.contains($0)
        }
        guard isPlain, name.utf8.count <= 64, !SecretShape.isLikely(name) else {
            faults.add(fields["name"] ?? fields.object, "must be 1 to 64 letters, digits, \".\", \"_\" and \"-\"")
            return nil
        }
        return name
    }
}

// MARK: The adapter

extension ProviderRowParser {
    /// Whether the row's adapter takes requests in `format` as they are.
    func speaks(_ format: RequestFormat, _ manifest: Manifest?) -> Bool {
        manifest?.formats.contains(format) ?? false
    }

    /// The member, where the row's adapter speaks the format that it is about; a fault where it does not.
    func member(_ name: String, _ manifest: Manifest?, of format: RequestFormat) -> JSONValue? {
        guard let value = fields[name], let manifest else { return nil }
        guard speaks(format, manifest) else {
            let spoken = format == .anthropicMessages ? "Anthropic's Messages" : "OpenAI's Responses"
            faults.add(value, "has no effect: the adapter \(manifest.id) does not speak \(spoken); take it out")
            return nil
        }
        return value
    }

    private func readSource() -> (any AdapterSource)? {
        guard let id = fields.string("adapter", required: true) else { return nil }
        if let source = adapters.first(where: { $0.manifest.id == id }) { return source }
        let known = adapters.map { $0.manifest.id }.sorted()
        let near = Suggestion.nearest(to: id, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        faults.add(
            fields["adapter"] ?? fields.object,
            "names no adapter: \(SecretShape.shown(id)) is unknown, known are \(known.joined(separator: ", "))\(near)"
        )
        return nil
    }

    /// A row that names no type serves all that its adapter serves.
    private func readOperations(_ manifest: Manifest?) -> Set<Operation> {
        guard let type = fields["type"] else { return manifest.map { Set($0.operations.keys) } ?? [] }
        guard type.kind == .string || type.kind == .array else {
            faults.add(type, "must be a string or a list of strings, not \(type.kind.noun)")
            return []
        }
        let values = type.kind == .string ? [type] : type.elements
        if values.isEmpty {
            let all = ProviderRowParser.types(of: manifest).joined(separator: ", ")
            faults.add(type, "must not be empty: name some of \(all), or leave it out for all of them")
        }
        var operations: Set<Operation> = []
        for value in values {
            guard let operation = operation(value, manifest) else { continue }
            if !operations.insert(operation).inserted { faults.add(value, "stands in the list twice") }
        }
        return operations
    }

    private func operation(_ value: JSONValue, _ manifest: Manifest?) -> Operation? {
        let types = ProviderRowParser.types(of: manifest)
        let allowed = types.joined(separator: ", ")
        guard let text = value.string else {
            faults.add(value, "must be a string, not \(value.kind.noun)")
            return nil
        }
        guard let operation = Operation(rawValue: text) else {
            let near = Suggestion.nearest(to: text, among: types)
            let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
            faults.add(value, "is no type: \(SecretShape.shown(text)); allowed are \(allowed)\(hint)")
            return nil
        }
        if let manifest, !manifest.operations.keys.contains(operation) {
            faults.add(
                value,
                "can't be \"\(text)\": the adapter \(manifest.id) serves \(allowed)"
            )
        }
        return operation
    }

    /// The types that an adapter serves; where it is not known all there are.
    private static func types(of manifest: Manifest?) -> [String] {
        Operation.allCases.filter { manifest?.operations.keys.contains($0) ?? true }.map(\.rawValue)
    }

    private func open(_ source: any AdapterSource) async -> (any Adapter)? {
        let settings = fields.value("settings", .object)
        if let settings {
            let known = source.manifest.settings.keys.sorted()
            Fields(object: settings, faults: faults).refuseUnknown(known: known)
            // The manifest would only say the same again.
            guard settings.members.allSatisfy({ known.contains($0.key) }) else { return nil }
        }
        do throws(AdapterFault) {
            return try await source.open(try source.manifest.settings(settings))
        } catch {
            let place = error.setting.flatMap { settings?[key: $0] } ?? settings ?? fields.object
            faults.add(place, Scrubber.scrub(error.message))
            return nil
        }
    }
}

/// Stands in a row that has a fault and so is never used.
private struct NoAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }

    private struct NoExchange: Exchange {
        func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }
        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
    }
}
