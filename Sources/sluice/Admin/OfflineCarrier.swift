import Glibc
import Logging
import SluiceEngine
import SluiceHTTP
import SluiceSQLite
import SluiceStore
import SluiceTypes

/// Admin requests to the store itself, while no server runs.
struct OfflineCarrier: AdminCarrier {
    private let store: SQLiteStore
    private let sink: LogSink
    private let api: AdminAPI

    /// Opens the store in `directory` and keeps servers out of it meanwhile; where it `mayMake` one, a directory that is empty, or not
    /// there, gets it.
    ///
    /// - Throws: ``Failure`` when a process that doesn't answer has it; `StoreError`.
    init(directory: String, mayMake: Bool = false) async throws {
        let (logger, sink) = Log.logger(level: .error, format: .text)
        let store = try await OfflineCarrier.open(directory, mayMake ? .offlineOrNew : .offline, logger)
        let boot = BootID.generate().description
        let info = ServerInfo(version: Version.current, pid: 0, boot: boot, startedAt: .now())
        let tokens = Composition.tokens(store: store, logger: logger)
        api = AdminAPI(
            tokens: tokens,
            records: store,
            jobs: OfflineJobs(store: store, now: Timestamp.now),
            keeper: store,
            engine: nil,
            reload: nil,
            info: info,
            mayWrite: !store.isStill,
            now: Timestamp.now
        )
        self.store = store
        self.sink = sink
    }

    private static func open(
        _ directory: String,
        _ mode: SQLiteStore.Mode,
        _ logger: Logger
    ) async throws -> SQLiteStore {
        do throws(StoreError) {
            return try await Composition.store(directory: directory, mode: mode, logger: logger)
        } catch {
            guard error.code == .locked else { throw error }
            throw AdminSocket(directory: directory).silence
        }
    }

    func carry(_ call: AdminCall) async throws -> Reply {
        let request = AdminRequest(
            method: call.method,
            path: ["admin", "v1"] + call.path,
            query: Dictionary(call.query.map { ($0.name, $0.value) }) { _, last in last },
            headers: ["content-type": "application/json", "x-sluice-cli": Version.current],
            body: call.body,
            actor: PeerCheck.actor(geteuid())
        )
        let reply = await api.respond(request)
        return Reply(status: reply.status, body: reply.body)
    }

    func close() async {
        await store.close()
        sink.flush(within: .seconds(1))
    }
}
