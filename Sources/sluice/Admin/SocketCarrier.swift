import SluiceProvider
import SluiceTypes

/// Admin requests to a running server, as HTTP over its Unix socket.
struct SocketCarrier: AdminCarrier {
    private let client: HTTPClient
    private let socket: AdminSocket

    init(socket: AdminSocket, transport: any Transport) {
        client = HTTPClient(transport: transport)
        self.socket = socket
    }

    func carry(_ call: AdminCall) async throws -> Reply {
        let path = (["admin", "v1"] + call.path).map { "/" + PercentEncoding.encode($0) }.joined()
        return try await client.send(
            method: call.method,
            url: "http://localhost" + path + PercentEncoding.query(call.query),
            headers: [HeaderField("x-sluice-cli", Version.current)],
            body: call.body,
            unixSocketPath: socket.path,
            patience: call.patience
        )
    }
}
