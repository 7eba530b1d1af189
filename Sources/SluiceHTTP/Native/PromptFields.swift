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
    /// OpenAI's body, where the prompt has one in place of fields of its own.
    private var request: JSONValue?

    /// What the rows say of a type and a model.
    struct OfferedModels {
        /// Whether a model of an operation can be asked for now in a format, by a request that is bound to one account or not.
        var offer: (Operation, RequestFormat, String, _ isBound: Bool) -> Offer
        /// Every operation that some row serves.
        var served: () -> [Operation]
        /// The names that stand for models.
        var aliases: ModelAliases
    }

    /// What ``request`` says in its own words.
    private static let asked = ["prompt", "systemMsg", "randomness", "maxToken"]
    private static let known =
        ["type", "model"] + asked + [
            "metadata", "runAt", "delaySeconds", "deadlineSeconds", "onUnknown", "tries", "lane", "fallbacks",
        ]
    private static let longestDelay = Double(JobLimits.delay.components.seconds)
    private static let longestDeadline: Int64 = 366 * 86_400

    /// Reads a body that arrived at `now` from `caller`; `tries` are those of a prompt that names none.
    ///
    /// - Throws: ``Problem``: 400 with every fault, 403 for what the API token is not allowed, 503 for a model whose
    ///   rows lack something.
    init(
        _ document: Document,
        _ form: PromptForm,
        caller: Caller,
        now: Timestamp,
        tries: Int,
        promptLimit: Int,
        offered: OfferedModels
    ) throws(Problem) {
        var reader = FieldReader(document.root, known: PromptFields.known + (form == .native ? ["request"] : []))
        let operation = reader.requiredText("type").flatMap { PromptFields.operation($0, &reader, offered) }
        request = reader["request"]
        let model: String?
        if let request {
            model = PromptFields.model(of: request, operation, &reader)
        } else {
            model = reader.model()
            PromptFields.readPrompt(&reader, operation, form, promptLimit)
        }
        let metadata = PromptFields.metadata(&reader)
        let runAt = PromptFields.runAt(&reader, now: now)
        let deadline = reader.integer("deadlineSeconds", 1...PromptFields.longestDeadline)
        let onUnknown = reader.choice("onUnknown", OnUnknown.self)
        let allowedTries = JobLimits.triesAllowed
        let ownTries = reader.integer("tries", Int64(allowedTries.lowerBound)...Int64(allowedTries.upperBound))
        let lane = reader.choice("lane", Lane.self)
        let fallbacks = reader.fallbacks(of: model)

        var unavailable: String?
        var allowed: AllowedRoute?
        if let operation, let model {
            let format = PromptFields.format(operation, request)
            let unshared = PromptFields.unshared(request, format, fallbacks, &reader)
            // What can't be named is told below.
            if reader.faults.allSatisfy({ $0.pointer != "/fallbacks" }) {
                allowed = try Authorizer.allow(
                    caller,
                    operation,
                    model: model,
                    fallbacks: fallbacks,
                    isBound: unshared != nil,
                    offered.aliases
                )
            }
            unavailable = PromptFields.check(operation, format, model, &reader, offered, unshared)
            for name in fallbacks {
                // One that is served keeps the others from being missed.
                if PromptFields.check(operation, format, name, &reader, offered, field: "fallbacks") == nil {
                    unavailable = nil
                }
            }
        }
        guard reader.faults.isEmpty, let allowed else { throw Problem.invalid(reader.faults) }
        if let unavailable { throw Problem.unavailable(unavailable, allowed.model) }
        self.allowed = allowed
        terms = JobTerms(
            surface: .prompt,
            format: PromptFields.format(allowed.operation, request),
            lane: lane ?? .bulk,
            tries: ownTries.map { Int($0) } ?? tries,
            // What may have been paid is repeated more than once only for a prompt that says how often.
            onUnknown: onUnknown == .retry && ownTries == nil ? .once : onUnknown ?? .once
        )
        self.metadata = metadata
        self.runAt = runAt
        deadlineAt = deadline.map { max(now, runAt).adding(.seconds($0)) }
    }

    private static func format(_ operation: Operation, _ request: JSONValue?) -> RequestFormat {
        request == nil ? .prompt : RequestFormat(openAI: operation)
    }

    /// How many bytes of the body ``input(_:)`` takes a second time.
    var copied: Int { request?.bytes.count ?? 0 }

    /// What is kept of the body.
    func input(_ document: Document, _ trace: TraceContext?) -> JobInput {
        guard let request else { return JobInput(document, metadata: metadata, trace: trace) }
        return JobInput(body: Array(request.bytes), metadata: metadata, trace: trace)
    }

    private static func readPrompt(
        _ reader: inout FieldReader,
        _ operation: Operation?,
        _ form: PromptForm,
        _ limit: Int
    ) {
        guard operation != .embedding else {
            let way =
                form == .native ? #"needs "request", the body of OpenAI's embeddings, in place of "prompt"; or "# : ""
            return reader.fault("type", "`embedding` \(way)is asked for at POST /v1/embeddings")
        }
        for name in ["prompt", "systemMsg"] {
            let text = name == "prompt" ? reader.requiredText(name) : reader.text(name)
            guard let count = text?.utf8.count, count > limit else { continue }
            reader.fault(name, "must be at most \(limit) bytes long, not \(count)")
        }
        _ = reader.number("randomness", 0...2)
        _ = reader.integer("maxToken", 1...Int64(Int32.max))
    }

    /// The model that OpenAI's body asks for.
    private static func model(of request: JSONValue, _ operation: Operation?, _ reader: inout FieldReader) -> String? {
        for name in asked where reader[name] != nil {
            reader.fault(name, "can't be given together with request, which says all that is asked")
        }
        for name in ["stream", "stream_options"] {
            guard let value = request[key: name] else { continue }
            reader.fault(value, "can't be asked for here: the events of the prompt tell what comes; leave it out")
        }
        guard let operation else { return nil }
        let model: String
        do throws(CallFault) { model = try CallFields(openAI: request, operation).model } catch {
            reader.fault(error.ofRequest)
            return nil
        }
        if reader["model"] != nil, let outside = reader.model(), outside != model {
            let given = Redaction.quoted(outside)
            reader.fault("model", "\(given) is not the model of request, \(Redaction.quoted(model)); leave it out")
        }
        return model
    }

    private static func operation(_ name: String, _ reader: inout FieldReader, _ offered: OfferedModels) -> Operation? {
        if let operation = Operation(rawValue: name) { return operation }
        refuse(type: name, served: offered.served(), &reader)
        return nil
    }

    private static func refuse(type name: String, served: [Operation], _ reader: inout FieldReader) {
        let allowed = served.map(\.rawValue).sorted()
        reader.fault("type", UnknownName.sentence(name, "type here", allowed), allowed: allowed)
    }

    /// What is wrong with a body that names what its provider holds, where no row may be asked for it; nil for one that names nothing.
    private static func unshared(
        _ request: JSONValue?,
        _ format: RequestFormat,
        _ fallbacks: [String],
        _ reader: inout FieldReader
    ) -> Fault? {
        guard let request else { return nil }
        do throws(CallFault) {
            return try NamedState(request, format, fallbacks: fallbacks).unshared?.ofRequest
        } catch {
            reader.fault(error.ofRequest)
            return nil
        }
    }

    /// Asks the rows; the answer is a row that stands for all where none is set up, faults go to the reader.
    ///
    /// `unshared` is the fault of a request that is bound to one account where no row may be asked; nil for all other requests.
    static func check(
        _ operation: Operation,
        _ format: RequestFormat,
        _ model: String,
        _ reader: inout FieldReader,
        _ offered: OfferedModels,
        _ unshared: Fault? = nil,
        field: String = "model"
    ) -> String? {
        switch offered.offer(operation, format, model, unshared != nil) {
        case .served: return nil
        case .unavailable(let row): return row
        case .unshared: if let unshared { reader.fault(unshared) }
        case .unknownOperation(let served): refuse(type: operation.rawValue, served: served, &reader)
        case .otherFormat(let served): reader.fault(field, UnknownName.sentence(model: model, takes: served))
        case .unknownModel(let allowed, let nearest):
            let detail = UnknownName.sentence(model: model, for: operation, allowed, nearest: nearest)
            reader.fault(field, detail, allowed: allowed)
        }
        return nil
    }

    /// At most 64 strings of 512 bytes under keys of 1 to 64 bytes.
    private static func metadata(_ reader: inout FieldReader) -> [UInt8]? {
        guard let value = reader["metadata"] else { return nil }
        guard value.kind == .object else {
            reader.fault("metadata", "must be an object of strings, not \(value.kind.named)")
            return nil
        }
        let members = value.members
        if members.count > 64 { reader.fault("metadata", "must have at most 64 members, not \(members.count)") }
        for (key, member) in members {
            if key.isEmpty || key.utf8.count > 64 { reader.fault(member, "must have a name of 1 to 64 bytes") }
            guard let text = member.string else {
                reader.fault(member, "must be a string, not \(member.kind.named)")
                continue
            }
            if text.utf8.count > 512 { reader.fault(member, "must be at most 512 bytes long, not \(text.utf8.count)") }
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
            let given = Redaction.quoted(text)
            reader.fault("runAt", "must be a date and time of RFC 3339, as in 2026-01-31T12:00:00Z, not \(given)")
            return now
        }
        guard moment <= now.adding(.seconds(Int64(longestDelay))) else {
            reader.fault("runAt", "must be at most 30 days ahead, not at \(moment)")
            return now
        }
        return max(moment, now)
    }
}
