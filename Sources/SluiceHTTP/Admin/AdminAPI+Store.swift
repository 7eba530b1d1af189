import HTTPTypes
import SluiceJSON
import SluiceStore

extension AdminAPI {
    func routeBackup(_ request: AdminRequest) async throws -> AdminReply {
        try await oneOf(["GET": { _ in self.backupProgress() }, "POST": backUp], request)
    }

    func check(_ request: AdminRequest) async throws -> AdminReply {
        guard let keeper else { throw AdminAPI.keepsNothing }
        let report = try await keeper.check()
        return AdminReply(status: 200, body: StoreReportWriter.bytes(report))
    }

    private func backUp(_ request: AdminRequest) async throws -> AdminReply {
        guard let keeper else { throw AdminAPI.keepsNothing }
        var reader = try request.fields(["path"])
        let path = reader.requiredText("path") ?? ""
        if !path.isEmpty, !path.hasPrefix("/") { reader.fault("path", "is not absolute: begin it with a slash") }
        try reader.finish()
        defer { backups.end(path) }
        do {
            let report = try await keeper.backup(to: path) { self.backups.note($0, path) }
            try await recordBackup(path, "ok", request)
            return AdminReply(status: 200, body: StoreReportWriter.bytes(report))
        } catch let error as StoreError {
            // What was asked for did not come to be: the caller is to hear of that, whatever becomes of the audit.
            try? await recordBackup(path, error.message, request)
            throw error
        }
    }

    /// Where nothing may be written a copy goes without: it changes nothing, and is what one would save such a store with.
    private func recordBackup(_ path: String, _ result: String, _ request: AdminRequest) async throws {
        guard mayWrite else { return }
        let entry = AuditEntry(
            at: now(),
            actor: request.actor,
            action: "store.backup",
            subject: path,
            result: result
        )
        try await records.append(entry)
    }

    private func backupProgress() -> AdminReply {
        .list("backups", backups.current) { backup, writer in
            writer.member("path", backup.path)
            writer.member("step", backup.progress.step.rawValue)
            writer.member("doneBytes", backup.progress.doneBytes)
            writer.member("totalBytes", backup.progress.totalBytes)
        }
    }

    private static var keepsNothing: Problem {
        Problem(.conflict, "no-file", "this store keeps no file, so there is nothing to check or to copy")
    }
}
