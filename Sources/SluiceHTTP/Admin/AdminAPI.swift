import HTTPTypes
package import SluiceEngine
import SluiceJSON
package import SluiceStore
package import SluiceTokens
package import SluiceTypes

/// The operators' API under `/admin/v1`.
///
/// The running server answers it on the admin socket; the command line asks it directly when no server runs.
package final class AdminAPI: Sendable {
    let tokens: TokenService
    /// Where jobs and the audit are read; what changes a job goes through ``jobs``.
    let records: any Records
    let jobs: any JobControl
    /// Nil for a store that keeps no file.
    let keeper: (any SnapshotStore)?
    /// Nil where no server runs.
    let engine: Engine?
    let reload: (@Sendable () async -> ReloadOutcome)?
    let info: ServerInfo
    /// False for a store that can only be read.
    let mayWrite: Bool
    let now: @Sendable () -> Timestamp
    let backups = Backups()

    /// What of a store operators are shown, and where lines of the audit go that no job belongs to.
    package typealias Records = JobReader & AuditStore & ConfigStore & LedgerReader & LimitStore & PriceStore

    /// Creates an API; `engine` is nil where no server runs, and then `jobs` is its twin.
    package init(
        tokens: TokenService,
        records: any Records,
        jobs: any JobControl,
        keeper: (any SnapshotStore)? = nil,
        engine: Engine?,
        reload: (@Sendable () async -> ReloadOutcome)?,
        info: ServerInfo,
        mayWrite: Bool = true,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.tokens = tokens
        self.records = records
        self.jobs = jobs
        self.keeper = keeper
        self.engine = engine
        self.reload = reload
        self.info = info
        self.mayWrite = mayWrite
        self.now = now
    }

    /// Answers one request.
    package func respond(_ request: AdminRequest) async -> AdminReply {
        do {
            try checkVersion(request)
            return try await route(request)
        } catch let problem as Problem {
            return AdminReply(problem)
        } catch let error as TokenError {
            return AdminReply(Problem(error))
        } catch let error as StoreError {
            return AdminReply(Problem(operator: error))
        } catch {
            return AdminReply(Problem(.internalServerError, "internal", "the gateway failed: \(type(of: error))"))
        }
    }

    private func checkVersion(_ request: AdminRequest) throws(Problem) {
        guard let theirs = request.headers["x-sluice-cli"] else { return }
        let major: (String) -> Substring = { $0.prefix { $0 != "." } }
        guard major(theirs) == major(info.version) else {
            throw Problem(
                .badRequest,
                "wrong-version",
                "this command line has version \(theirs.prefix(32)) and the gateway \(info.version); use one of the same major version"
            )
        }
    }

    private func route(_ request: AdminRequest) async throws -> AdminReply {
        guard request.path.starts(with: ["admin", "v1"]) else { throw AdminAPI.nothingHere }
        let rest = Array(request.path.dropFirst(2))
        switch rest.first {
        case "status": return try await only("GET", request, rest, count: 1, status)
        case "process": return try await only("GET", request, rest, count: 1, process)
        case "tokens": return try await routeTokens(request, rest)
        case "owners": return try await routeOwners(request, rest)
        case "providers": return try await routeProviders(request, rest)
        case "jobs": return try await routeJobs(request, rest)
        case "backup" where rest.count == 1: return try await routeBackup(request)
        case "check": return try await only("GET", request, rest, count: 1, check)
        case "audit": return try await only("GET", request, rest, count: 1, audit)
        case "prices" where rest.count == 1: return try await prices(request)
        case "repricings": return try await only("POST", request, rest, count: 1, reprice)
        case "usage": return try await only("GET", request, rest, count: 1, usage)
        default: throw AdminAPI.nothingHere
        }
    }

    typealias Action = (AdminRequest) async throws -> AdminReply

    /// Runs `action` when the path has `count` parts and the method is `method`.
    func only(
        _ method: String,
        _ request: AdminRequest,
        _ parts: [String],
        count: Int,
        _ action: @escaping Action
    ) async throws -> AdminReply {
        guard parts.count == count else { throw AdminAPI.nothingHere }
        return try await oneOf([method: action], request)
    }

    func oneOf(_ actions: [String: Action], _ request: AdminRequest) async throws -> AdminReply {
        guard let action = actions[request.method] else {
            let allowed = actions.keys.sorted().joined(separator: ", ")
            throw Problem(.methodNotAllowed, "method-not-allowed", "this path takes \(allowed)")
        }
        return try await action(request)
    }

    static var nothingHere: Problem {
        .notFound("there is nothing at this path of the admin API")
    }

    private func audit(_ request: AdminRequest) async throws -> AdminReply {
        var reader = QueryReader(request.pairs, known: ["since", "token", "action", "limit"])
        let query = AuditQuery(
            since: reader.moment("since"),
            token: reader.text("token").map { TokenID(rawValue: $0) },
            action: reader.text("action"),
            limit: reader.integer("limit", 1...10_000, default: 100)
        )
        try reader.finish()
        let entries = try await records.audit(query)
        return .list("entries", entries) { entry, writer in
            writer.member("at", entry.at.description)
            writer.member("actor", entry.actor)
            writer.member("action", entry.action)
            writer.member("subject", entry.subject)
            writer.member("result", entry.result)
        }
    }
}
