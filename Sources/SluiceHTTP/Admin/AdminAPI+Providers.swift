import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

extension AdminAPI {
    func routeProviders(_ request: AdminRequest, _ parts: [String]) async throws -> AdminReply {
        switch parts.dropFirst() {
        case []: return try await oneOf(["GET": { _ in try self.listRows() }], request)
        case ["reload"]: return try await oneOf(["POST": reloadRows], request)
        default: break
        }
        guard parts.count == 3 else { throw AdminAPI.nothingHere }
        switch parts[2] {
        case "pause": return try await oneOf(["POST": { try await self.pause(parts[1], $0) }], request)
        case "resume": return try await oneOf(["POST": { try await self.resume(parts[1], $0) }], request)
        default: throw AdminAPI.nothingHere
        }
    }

    private func pause(_ name: String, _ request: AdminRequest) async throws -> AdminReply {
        let engine = try engine(with: name)
        return try show(name, isNews: try await engine.pause(row: name, by: request.actor), engine)
    }

    private func resume(_ name: String, _ request: AdminRequest) async throws -> AdminReply {
        let engine = try engine(with: name)
        return try show(name, isNews: try await engine.resume(row: name, by: request.actor), engine)
    }

    /// - Throws: ``Problem`` where no server runs, or none of its rows has the name.
    private func engine(with row: String) throws(Problem) -> Engine {
        guard let engine else { throw AdminAPI.needsServer }
        let names = engine.rows.map(\.name)
        guard names.contains(row) else {
            let meant = Suggestion.nearest(to: row, among: names).map { "; did you mean \($0)?" } ?? "."
            throw .notFound("there is no row \(row)\(meant) It has: \(names.joined(separator: ", "))")
        }
        return engine
    }

    /// The row as it stands now, and whether that is new.
    private func show(_ name: String, isNews: Bool, _ engine: Engine) throws(Problem) -> AdminReply {
        guard let row = engine.rows.first(where: { $0.name == name }) else {
            throw .notFound("there is no row \(name) any more")
        }
        return .object { writer in
            writer.member("changed", isNews)
            AdminAPI.write(row, to: &writer)
        }
    }

    private func listRows() throws(Problem) -> AdminReply {
        guard let engine else { throw AdminAPI.needsServer }
        let rows = engine.rows
        return .list("rows", rows) { AdminAPI.write($0, to: &$1) }
    }

    private func reloadRows(_ request: AdminRequest) async throws -> AdminReply {
        guard engine != nil, let reload else { throw AdminAPI.needsServer }
        let outcome = await reload()
        var entry = AuditEntry(
            at: now(),
            actor: request.actor,
            action: "provider.reload",
            subject: "",
            result: "ok"
        )
        guard case .refused(let faults) = outcome else {
            try await records.append(entry)
            return try listRows()
        }
        entry.result = "the file has \(faults.count) faults; the old rows stay"
        try await records.append(entry)
        throw Problem(
            .unprocessableContent,
            "faulty-providers",
            "providers.json is faulty, so the old rows stay in place",
            faults: faults.map { Fault($0) }
        )
    }

    private static var needsServer: Problem {
        Problem(.conflict, "no-server", "no gateway runs on this data directory; start it with `sluice serve`")
    }

    private static func write(_ row: RowStatus, to writer: inout JSONWriter) {
        writer.member("name", row.name)
        writer.member("adapter", row.adapterID)
        writer.texts("types", row.operations.map(\.rawValue))
        writer.texts("models", row.patterns)
        writer.texts("listed", row.listed)
        writer.member("baseURL", row.baseURL)
        writer.objects("credentials", row.credentials) { credential, writer in
            writer.member("slot", credential.slot)
            writer.member("problem", credential.problem)
        }
        writer.member("sharedState", row.sharedState)
        writer.member("keepsResponses", row.keepsResponses)
        writer.member("receivesHistory", row.receivesHistory)
        writer.member("store", row.store)
        writer.texts("pricing", row.pricing)
        writer.member("concurrency", row.concurrency)
        writer.member("allowed", row.allowed)
        writer.member("running", row.running)
        writer.member("waiting", row.waiting)
        writer.member("pausedSince", row.pause?.since.description)
        writer.member("pausedBy", row.pause?.actor)
        writer.member("available", row.unavailable == nil)
        writer.member("unavailable", row.unavailable)
        writer.member("misconfigured", row.misconfigured)
        writer.member("awayUntil", row.awayUntil?.description)
        writer.objects("closedModels", row.models) { model, writer in
            writer.member("model", model.model)
            writer.member("credential", model.credential)
            writer.member("owner", model.owner?.rawValue)
            writer.member("closedUntil", model.closedUntil?.description)
            writer.member("restsUntil", model.restsUntil?.description)
        }
    }
}

extension Fault {
    fileprivate init(_ fault: ReloadFault) {
        self.init(fault.pointer, fault.message)
        line = fault.line
        column = fault.column
    }
}
