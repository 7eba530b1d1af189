package import Logging
package import SluiceStore
package import SluiceTypes
import Synchronization

/// Owners and API tokens: made, shown, rotated, revoked, and checked on every request.
package final class TokenService: Sendable {
    let store: any Store
    let now: @Sendable () -> Timestamp
    let logger: Logger
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())
    let requests = OpenRequests()

    /// How long a record may be used after it was read.
    package static let cacheLifetime = Duration.milliseconds(500)
    private static let cacheLimit = 10_000
    private static let missLimit = 1_000

    private struct State {
        var cache: [TokenID: Cached] = [:]
        /// When ids were looked up that the store does not have.
        ///
        /// They stand apart, so that whoever tries many can't push known tokens out.
        var misses: [TokenID: ContinuousClock.Instant] = [:]
        /// Grows with each change of a token; a record read before a change must not enter the cache after it.
        var changes: UInt64 = 0
        /// The minutes in which tokens were used and that the store does not know yet.
        var uses: [TokenID: Timestamp] = [:]
        /// The day on which each token that ends soon was last warned about.
        var warnings: [TokenID: Int64] = [:]

        /// The tokens that were imported, by their hashes.
        var imported = Imported()

        /// Keeps what was read, or that there was nothing.
        mutating func keep(_ record: TokenRecord?, of id: TokenID, readAt moment: ContinuousClock.Instant) {
            if let record {
                if cache.count >= TokenService.cacheLimit { cache.removeAll(keepingCapacity: true) }
                cache[id] = Cached(record: record, readAt: moment)
                misses[id] = nil
            } else {
                if misses.count >= TokenService.missLimit { misses.removeAll(keepingCapacity: true) }
                misses[id] = moment
                cache[id] = nil
            }
        }
    }

    private struct Imported {
        var ids: [TokenHash: TokenID] = [:]
        /// When they were last asked for; nil before.
        var askedAt: ContinuousClock.Instant?
        /// When those that are here were read; nil before.
        var readAt: ContinuousClock.Instant?
        /// ``State/changes`` when they were read.
        var changes: UInt64 = 0
    }

    private struct Cached {
        var record: TokenRecord
        var readAt: ContinuousClock.Instant
    }

    /// Creates the service over an open store; `uptime` is the clock by which records age.
    package init(
        store: any Store,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.store = store
        self.now = now
        self.logger = logger
        self.uptime = uptime
    }

    /// Checks an `Authorization` field.
    ///
    /// An unknown id costs the same as a wrong secret. When the store can't be read, only a record that was read within
    /// ``cacheLifetime`` is believed; whoever `isPatient` believes one that is older, since nothing is revoked meanwhile in a store
    /// that takes nothing.
    package func authenticate(header: String?, isPatient: Bool = false) async -> Authentication {
        guard let header, !header.isEmpty else { return .missing }
        guard let credentials = TokenService.bearer(header) else { return .wrongScheme }
        let id: TokenID?
        let hash: TokenHash
        let record: TokenRecord?
        do throws(StoreError) {
            if let token = TokenText(credentials) {
                (id, hash) = (token.id, token.hash)
            } else {
                guard ForeignToken.mayBe(credentials) else { return .junk }
                hash = TokenHash(of: credentials)
                id = try await importedID(of: hash)
            }
            record = if let id { try await self.record(of: id, isPatient: isPatient) } else { nil }
        } catch {
            return .storeDown
        }
        let matches = hash.matches(record?.hash ?? TokenService.noHash)
        guard let record, matches else { return .unknown }
        return admit(record)
    }

    /// Forgets a token's record, so that the next request reads it anew.
    func invalidate(_ ids: TokenID...) {
        state.withLock { state in
            state.changes += 1
            for id in ids {
                state.cache[id] = nil
                state.misses[id] = nil
            }
        }
    }

    /// Writes the uses noted since the last time; what can't be written stays noted.
    package func flush() async {
        let uses = state.withLock { $0.uses }
        guard !uses.isEmpty else { return }
        do throws(StoreError) {
            try await store.touch(uses)
        } catch {
            logger.warning("last uses of API tokens are not written yet", metadata: ["error": "\(error)"])
            return
        }
        state.withLock { state in
            for (id, minute) in uses where state.uses[id] == minute { state.uses[id] = nil }
        }
    }

    /// The record, with a use that the store does not know yet.
    func withUse(_ record: TokenRecord) -> TokenRecord {
        guard let use = state.withLock({ $0.uses[record.id] }) else { return record }
        var record = record
        record.lastUsedAt = max(record.lastUsedAt ?? use, use)
        return record
    }

    /// Says that a request of `caller` is open, until ``OpenRequest/end()``; `onEnd` is called when the token ends before.
    package func open(
        _ caller: Caller,
        onEnd: @escaping @Sendable (OpenRequest.Ending) -> Void
    ) -> OpenRequest {
        OpenRequest(caller, in: requests, onEnd: onEnd)
    }

    /// Ends the open requests of tokens whose time is over, twice a second, until the task is cancelled.
    package func watchEnds() async {
        while (try? await Task.sleep(for: .milliseconds(500))) != nil { requests.expire(at: now()) }
    }

    /// Flushes once a minute until the task is cancelled, then once more.
    package func run() async {
        while (try? await Task.sleep(for: .seconds(60))) != nil { await flush() }
        await flush()
    }

    private static let noHash = [UInt8](repeating: 0, count: 32)

    private static func bearer(_ header: String) -> String? {
        let space = UInt8(ascii: " ")
        let words = header.utf8.drop { $0 == space }
        let scheme = words.prefix { $0 != space }
        guard Substring(scheme).lowercased() == "bearer" else { return nil }
        return String(Substring(words[scheme.endIndex...].drop { $0 == space }))
    }

    private func record(of id: TokenID, isPatient: Bool = false) async throws(StoreError) -> TokenRecord? {
        let moment = uptime()
        let (cached, missedAt, changes) = state.withLock { ($0.cache[id], $0.misses[id], $0.changes) }
        if let cached, cached.readAt.duration(to: moment) < TokenService.cacheLifetime { return cached.record }
        if let missedAt, missedAt.duration(to: moment) < TokenService.cacheLifetime { return nil }
        let record: TokenRecord?
        do throws(StoreError) { record = try await store.token(id) } catch {
            guard isPatient, let cached else { throw error }
            return cached.record
        }
        state.withLock { state in
            guard state.changes == changes else { return }
            state.keep(record, of: id, readAt: moment)
        }
        return record
    }

    /// The id of the imported token of that hash; nil where there is none.
    ///
    /// They are all held in memory and read anew once in ``cacheLifetime`` at most, or after a change made here, so that what is no
    /// token costs no read.
    private func importedID(of hash: TokenHash) async throws(StoreError) -> TokenID? {
        let moment = uptime()
        let known: TokenID?? = state.withLock { state in
            let isFresh = state.imported.askedAt.map { $0.duration(to: moment) < TokenService.cacheLifetime } ?? false
            // While one reads, the others go by what was read before.
            guard state.imported.readAt != nil, isFresh, state.imported.changes == state.changes else {
                state.imported.askedAt = moment
                return nil
            }
            return .some(state.imported.ids[hash])
        }
        if let known { return known }
        let changes = state.withLock { $0.changes }
        let records = try await store.importedTokens()
        let ids = Dictionary(records.map { (TokenHash(stored: $0.hash), $0.id) }) { first, _ in first }
        state.withLock { state in
            state.imported = Imported(ids: ids, askedAt: moment, readAt: moment, changes: changes)
        }
        return ids[hash]
    }

    private func admit(_ record: TokenRecord) -> Authentication {
        let moment = now()
        switch record.status(at: moment) {
        case .revoked: return .revoked
        case .expired: return .expired(record.expiresAt ?? moment)
        case .active, .rotated: break
        }
        if record.isOwnerDisabled { return .ownerDisabled }
        let caller = Caller(
            owner: record.owner,
            token: record.id,
            scopes: record.scopes,
            types: record.types,
            models: record.models,
            tag: record.tag,
            expiresAt: record.expiresAt
        )
        noteUse(of: record, caller, at: moment)
        return .caller(caller)
    }

    private func noteUse(of record: TokenRecord, _ caller: Caller, at moment: Timestamp) {
        let minute = Timestamp(milliseconds: moment.milliseconds / 60_000 * 60_000)
        let ending = caller.expiryWarning(at: moment)
        let mustWarn = state.withLock { state in
            if minute > record.lastUsedAt ?? Timestamp(milliseconds: .min), state.uses[record.id] != minute {
                state.uses[record.id] = minute
            }
            guard ending != nil else { return false }
            let day = moment.milliseconds / 86_400_000
            return state.warnings.updateValue(day, forKey: record.id) != day
        }
        if mustWarn, let ending {
            var metadata: Logger.Metadata = [
                "token": "\(record.id)", "name": "\(record.name)", "expires": "\(ending)",
            ]
            if let successor = record.replacedBy {
                metadata["successor"] = "\(successor)"
                logger.warning(
                    "an API token that was rotated is still in use; give its callers the successor",
                    metadata: metadata
                )
            } else {
                logger.warning(
                    "an API token in use ends soon; `sluice token rotate` makes its successor",
                    metadata: metadata
                )
            }
        }
    }
}

extension TokenRecord {
    /// How the token stands at `now`.
    package func status(at now: Timestamp) -> TokenStatus {
        if revokedAt != nil { return .revoked }
        if let expiresAt, expiresAt <= now { return .expired }
        return replacedBy == nil ? .active : .rotated
    }

    /// Whether it has ended, or was revoked.
    package func isOver(at now: Timestamp) -> Bool {
        switch status(at: now) {
        case .active, .rotated: false
        case .revoked, .expired: true
        }
    }
}
