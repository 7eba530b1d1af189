import SluiceJSON
import SluiceProvider
import SluiceTypes

/// A `*.request.json`: what is asked, and with which settings.
struct RequestFixture {
    let ask: Ask
    let settings: JSONValue?

    init(_ root: JSONValue) throws(FixtureFault) {
        let known = ["operation", "format", "stream", "attempt", "model", "settings", "headers", "betas", "body"]
        if let member = root.members.first(where: { !known.contains($0.key) }) {
            throw FixtureFault("has an unknown member \"\(member.key)\"; known are \(known.joined(separator: ", "))")
        }
        guard let operation = root[key: "operation"]?.string.flatMap(Operation.init) else {
            throw FixtureFault("needs an \"operation\": chat, completion or embedding")
        }
        guard let body = root[key: "body"], body.kind == .object else {
            throw FixtureFault("needs a \"body\", an object: what the adapter gets, byte for byte")
        }
        guard let model = root[key: "model"]?.string ?? body[key: "model"]?.string else {
            throw FixtureFault("needs a \"model\", of its own or in the body")
        }
        let format = try RequestFixture.format(root[key: "format"])
        let headers = try RequestFixture.headers(root[key: "headers"])
        let betas = try RequestFixture.betas(root[key: "betas"])
        do throws(JSONError) {
            ask = Ask(
                operation: operation,
                format: format,
                stream: root[key: "stream"]?.boolean ?? false,
                attempt: root[key: "attempt"]?.integer.map { Int($0) } ?? 1,
                model: model,
                body: try Document(Array(body.bytes)),
                headers: headers,
                betas: betas
            )
        } catch {
            throw FixtureFault("has a body that can't be read: \(error)")
        }
        settings = root[key: "settings"]
    }

    /// The format in which the caller asked; nil for OpenAI's of the operation.
    private static func format(_ value: JSONValue?) throws(FixtureFault) -> RequestFormat? {
        guard let value else { return nil }
        guard let format = value.string.flatMap(RequestFormat.init) else {
            throw FixtureFault("has a \"format\" that is none")
        }
        return format
    }

    /// The caller's header fields, by their names in small letters.
    private static func headers(_ value: JSONValue?) throws(FixtureFault) -> [HeaderField] {
        var headers: [HeaderField] = []
        for (name, value) in value?.members ?? [] {
            guard let text = value.string, name == name.lowercased() else {
                throw FixtureFault("needs names in small letters and strings as values of \"headers\"")
            }
            headers.append(HeaderField(name, text))
        }
        return headers
    }

    /// What a row would say of betas.
    private static func betas(_ value: JSONValue?) throws(FixtureFault) -> BetaPolicy {
        guard let value else { return .drop }
        switch value.string {
        case "pass": return .pass
        case "drop": return .drop
        case nil where value.kind == .array: return .only(value.elements.compactMap(\.string))
        default: throw FixtureFault("has \"betas\" that are neither \"pass\", \"drop\" nor a list")
        }
    }

    /// The adapter opened with the fixture's settings.
    func open(_ source: any AdapterSource) async throws(FixtureFault) -> any Adapter {
        do throws(AdapterFault) {
            return try await source.open(try source.manifest.settings(settings))
        } catch {
            throw FixtureFault("the adapter refuses the settings: \(error)")
        }
    }
}

/// A `*.call.json`: the one call that must come of a request.
struct CallFixture {
    let call: HTTPCall

    init(_ root: JSONValue) throws(FixtureFault) {
        guard let method = root[key: "method"]?.string, let path = root[key: "path"]?.string else {
            throw FixtureFault("needs a \"method\" and a \"path\"")
        }
        var headers: [HeaderField] = []
        for member in root[key: "headers"]?.members ?? [] {
            guard let value = member.value.string else { throw FixtureFault("needs strings as values of \"headers\"") }
            headers.append(HeaderField(member.key, value))
        }
        call = HTTPCall(
            method: method,
            path: path,
            headers: headers,
            body: CallFixture.text(root[key: "body"]),
            authorization: try CallFixture.authorization(root[key: "authorization"])
        )
    }

    /// A string stands for its text, any other value for its own bytes in the file.
    static func text(_ value: JSONValue?) -> [UInt8] {
        value.map { $0.string.map { Array($0.utf8) } ?? Array($0.bytes) } ?? []
    }

    private static func authorization(_ value: JSONValue?) throws(FixtureFault) -> Authorization {
        if value?.string == "none" { return .none }
        if let name = value?[key: "header"]?.string {
            return .header(name: name, prefix: value?[key: "prefix"]?.string ?? "")
        }
        if let name = value?[key: "signer"]?.string { return .signer(name: name) }
        throw FixtureFault("needs an \"authorization\": \"none\", {\"header\", \"prefix\"} or {\"signer\"}")
    }
}
