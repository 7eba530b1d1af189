import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Finds the credentials that a row names.
struct CredentialReader {
    /// Where relative files are.
    let folder: String
    let environment: [String: String]
    /// What helps where a credential has no value.
    let remedy: CredentialRemedy

    private static let sizeLimit = 64 << 10
    /// The longest name of a variable or a file, in bytes: each attempt records which one it was sent with.
    private static let nameLimit = 1000

    /// Reads the member `credential`: one source, or a list of them.
    ///
    /// `others` are members that a source may have beside, read by whoever asks.
    func read(_ value: JSONValue, _ faults: FaultList, besides others: [String] = []) -> [Credential] {
        guard value.kind == .array, others.isEmpty else { return source(value, faults, others).map { [$0] } ?? [] }
        if value.elements.isEmpty {
            faults.add(value, "must not be empty; leave it out for a provider that needs no key")
        }
        return value.elements.compactMap { source($0, faults, others) }
    }

    private func source(_ value: JSONValue, _ faults: FaultList, _ others: [String]) -> Credential? {
        guard value.kind == .object else {
            faults.add(value, "must not hold the secret itself; \(SecretShape.hint)")
            return nil
        }
        let fields = Fields(object: value, faults: faults)
        fields.refuseUnknown(known: ["env", "file"] + others)
        guard (value[key: "env"] == nil) != (value[key: "file"] == nil) else {
            // A literal has its own fault already.
            if value[key: "env"] != nil || value.members.isEmpty {
                faults.add(value, "must have either \"env\" or \"file\"")
            }
            return nil
        }
        if value[key: "env"] != nil { return fields.string("env").flatMap { variable($0, value, faults) } }
        return fields.string("file").flatMap { file($0, value, faults) }
    }

    private func variable(_ name: String, _ value: JSONValue, _ faults: FaultList) -> Credential? {
        let isPlain = name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || (48...57).contains($0) || (97...122).contains($0 | 0x20)
        }
        let isName = isPlain && name.utf8.count <= CredentialReader.nameLimit
        guard isName, !(48...57).contains(name.utf8.first ?? 48), !SecretShape.isLikely(name) else {
            faults.add(
                value[key: "env"] ?? value,
                "must be the name of an environment variable, as in \"PROVIDER_API_KEY\", never the secret itself"
            )
            return nil
        }
        return credential("env:\(name)", environment[name], problem: "\(name) is not set", called: name) {
            "\($0); \(remedy.forVariable)"
        }
    }

    private func file(_ path: String, _ value: JSONValue, _ faults: FaultList) -> Credential? {
        guard !SecretShape.isLikely(path), !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            faults.add(value[key: "file"] ?? value, "must be the path of a file, never the secret itself")
            return nil
        }
        guard path.utf8.count <= CredentialReader.nameLimit else {
            faults.add(value[key: "file"] ?? value, "must be a path of at most \(CredentialReader.nameLimit) bytes")
            return nil
        }
        let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        var text: String?
        var problem = ""
        switch SmallFile.read(whole, limit: CredentialReader.sizeLimit) {
        case .success(let bytes): text = String(validating: bytes, as: UTF8.self) ?? "\u{0}"
        case .failure(let failure): problem = "the key file \(path) can't be read: \(failure.rawValue)"
        }
        var found = credential("file:\(path)", text, problem: problem, called: "the key file \(path)") {
            "\($0); \(remedy.forFile)"
        }
        if found.secret != nil, SmallFile.isOpenToOthers(whole) {
            found.warning =
                found.warning ?? "the key file \(path) can be read by others on this machine; run chmod 600 on it"
        }
        return found
    }

    /// What people copy along with a key.
    private static func warning(_ secret: String, called name: String) -> String? {
        for quote in ["\"", "'"] where secret.hasPrefix(quote) && secret.hasSuffix(quote) {
            return "\(name) stands in quotes, which are sent as a part of it; take them away"
        }
        guard secret.lowercased().hasPrefix("bearer ") else { return nil }
        return "\(name) begins with \"Bearer\", which the gateway adds by itself; leave that out"
    }

    private func credential(
        _ slot: String,
        _ text: String?,
        problem: String,
        called name: String,
        _ withRemedy: (String) -> String
    ) -> Credential {
        guard let text else { return Credential(slot: slot, secret: nil, problem: withRemedy(problem)) }
        let end = text.utf8.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let secret = end.map { String(text[...$0]) } ?? ""
        guard !secret.isEmpty else {
            return Credential(slot: slot, secret: nil, problem: withRemedy("\(name) is empty"))
        }
        guard secret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            let problem = "\(name) holds a line break or another character that no header can carry"
            return Credential(slot: slot, secret: nil, problem: withRemedy(problem))
        }
        return Credential(slot: slot, secret: Secret(secret), warning: CredentialReader.warning(secret, called: name))
    }
}
