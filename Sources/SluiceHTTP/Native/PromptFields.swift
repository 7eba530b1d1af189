import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

/// A native prompt's fields, checked.
struct PromptFields {
    /// The type and the model.
    var allowed: AllowedRoute
    var terms: JobTerms
    var metadata: [UInt8]?
    var runAt: Timestamp
    var deadlineAt: Timestamp?

    /// What the rows say of a type and a model.
    struct OfferedModels {
        /// Whether a model of an operation can be asked for now.
        var offer: (Operation, String) -> Offer
        /// Every operation that some row serves.
        var served: () -> [Operation]
        /// The names that stand for models.
        var aliases: ModelAliases
    }

    private static let known = [
        "type", "model", "prompt", "systemMsg", "randomness", "maxToken", "metadata", "runAt", "delaySeconds",
        "deadlineSeconds", "onUnknown", "tries", "lane", "fallbacks",
    ]
    private static let longestDelay = Double(JobLimits.delay.components.seconds)
    private static let longestDeadline: Int64 = 366 * 86_400

    /// Reads a body that arrived at `now` from `caller`; `tries` are those of a prompt that names none.
    ///
    /// - Throws: ``Problem``: 400 with every fault, 403 for what the API token is not allowed, 503 for a model whose
    ///   rows lack something.
    init(_ document: Document, caller: Caller, now: Timestamp, tries: Int, offered: OfferedModels) throws(Problem) {
        var reader = FieldReader(document.root, known: PromptFields.known)
        let typeName = reader.requiredText("type")
        let model = reader.model()
        _ = reader.requiredText("prompt")
        _ = reader.text("systemMsg")
        _ = reader.number("randomness", 0...2)
        _ = reader.integer("maxToken", 1...Int64(Int32.max))
        let metadata = PromptFields.metadata(&reader)
        let runAt = PromptFields.runAt(&reader, now: now)
        let deadline = reader.integer("deadlineSeconds", 1...PromptFields.longestDeadline)
        let onUnknown = reader.choice("onUnknown", OnUnknown.self)
        let allowedTries = JobLimits.triesAllowed
        let ownTries = reader.integer("tries", Int64(allowedTries.lowerBound)...Int64(allowedTries.upperBound))
        let lane = reader.choice("lane", Lane.self)
        let fallbacks = reader.fallbacks(of: model)

        let operation = typeName.flatMap { PromptFields.operation($0, &reader, offered) }
        var unavailable: String?
        var allowed: AllowedRoute?
        if let operation, let model {
            // What can't be named is told below.
            if reader.faults.allSatisfy({ $0.pointer != "/fallbacks" }) {
                allowed = try Authorizer.allow(caller, operation, model: model, fallbacks: fallbacks, offered.aliases)
            }
            unavailable = PromptFields.check(operation, model, &reader, offered)
            for name in fallbacks {
                // One that is served keeps the others from being missed.
                if PromptFields.check(operation, name, &reader, offered, "fallbacks") == nil { unavailable = nil }
            }
        }
        guard reader.faults.isEmpty, let allowed else { throw Problem.invalid(reader.faults) }
        if let unavailable { throw Problem.unavailable(unavailable, allowed.model) }
        self.allowed = allowed
        terms = JobTerms(
            surface: .prompt,
            format: .prompt,
            lane: lane ?? .bulk,
            tries: ownTries.map { Int($0) } ?? tries,
            // What may have been paid is repeated more than once only for a prompt that says how often.
            onUnknown: onUnknown == .retry && ownTries == nil ? .once : onUnknown ?? .once
        )
        self.metadata = metadata
        self.runAt = runAt
        deadlineAt = deadline.map { max(now, runAt).adding(.seconds($0)) }
    }

    private static func operation(_ name: String, _ reader: inout FieldReader, _ offered: OfferedModels) -> Operation? {
        if let operation = Operation(rawValue: name) { return operation }
        refuse(type: name, served: offered.served(), &reader)
        return nil
    }

    private static func refuse(type name: String, served: [Operation], _ reader: inout FieldReader) {
        let allowed = served.map(\.rawValue).sorted()
        let hint = Suggestion.nearest(to: name, among: allowed).map { "; did you mean \($0)?" } ?? ""
        reader.fault("type", "is not a type that any provider here serves" + hint, allowed: allowed)
    }

    /// Asks the rows; the answer is a row that stands for all where none is set up, faults go to the reader.
    static func check(
        _ operation: Operation,
        _ model: String,
        _ reader: inout FieldReader,
        _ offered: OfferedModels,
        _ field: String = "model"
    ) -> String? {
        switch offered.offer(operation, model) {
        case .served: return nil
        case .unavailable(let row): return row
        case .unknownOperation(let served): refuse(type: operation.rawValue, served: served, &reader)
        case .unknownModel(let allowed, let nearest):
            let hint = nearest.map { "; did you mean \($0)?" } ?? ""
            let name = field == "model" ? "is" : "names \(model), which is"
            let detail = "\(name) not a model that any provider here serves for \(operation.rawValue)" + hint
            reader.fault(field, detail, allowed: allowed)
        }
        return nil
    }

    /// At most 64 strings of 512 bytes under keys of 1 to 64 bytes.
    private static func metadata(_ reader: inout FieldReader) -> [UInt8]? {
        guard let value = reader["metadata"] else { return nil }
        guard value.kind == .object else {
            reader.fault("metadata", "must be an object of strings")
            return nil
        }
        let members = value.members
        if members.count > 64 { reader.fault("metadata", "must have at most 64 members, not \(members.count)") }
        for (key, member) in members {
            if key.isEmpty || key.utf8.count > 64 { reader.fault(member, "must have a name of 1 to 64 bytes") }
            guard let text = member.string else {
                reader.fault(member, "must be a string")
                continue
            }
            if text.utf8.count > 512 { reader.fault(member, "must be at most 512 bytes long") }
        }
        return Array(value.bytes)
    }

    private static func runAt(_ reader: inout FieldReader, now: Timestamp) -> Timestamp {
        let delay = reader.number("delaySeconds", 0...longestDelay)
        let text = reader.text("runAt")
        if reader["runAt"] != nil, reader["delaySeconds"] != nil {
            reader.fault("runAt", "can't be given together with delaySeconds")
        }
        if let delay { return now.adding(.milliseconds(Int64(delay * 1000))) }
        guard let text else { return now }
        guard let moment = Timestamp(rfc3339: text) else {
            reader.fault("runAt", "must be a date and time of RFC 3339, as in 2026-01-31T12:00:00Z")
            return now
        }
        guard moment <= now.adding(.seconds(Int64(longestDelay))) else {
            reader.fault("runAt", "must be at most 30 days ahead")
            return now
        }
        return max(moment, now)
    }
}
