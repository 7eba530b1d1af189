import SluiceJSON

extension AdminAPI {
    /// `GET /admin/v1/process`: what the server was told, and what the machine gives it; nothing of it is read from the store.
    func process(_ request: AdminRequest) async throws -> AdminReply {
        .object { writer in
            writer.member("version", info.version)
            writer.member("isServing", engine != nil)
            writer.member("clockJumpSeconds", info.clockJump(at: now()).components.seconds)
            writer.objects("settings", info.settings) { setting, writer in
                writer.member("name", setting.name)
                writer.member("value", setting.value)
                writer.member("from", setting.origin.rawValue)
            }
            guard let room = info.room else { return }
            writer.member("openFiles", room.openFiles)
            writer.member("connections", room.connections)
            writer.member("calls", room.calls)
            writer.member("complaint", room.complaint)
        }
    }
}
