import SluiceJSON
import SluiceProvider

/// What operators' commands speak to: the running server of a data directory, else its store.
struct AdminClient {
    private let carrier: any AdminCarrier

    /// Finds the way to the store in `directory`.
    ///
    /// - Throws: ``Failure`` when neither a server answers nor the store can be opened.
    static func open(_ options: DataOptions) async throws -> AdminClient {
        let directory = try options.directory()
        if let online = try online(directory: directory) { return online }
        return AdminClient(carrier: try await OfflineCarrier(directory: directory))
    }

    /// The running server of `directory`; nil when none answers.
    ///
    /// - Throws: ``Failure`` when its socket can't be used.
    static func online(directory: String) throws -> AdminClient? {
        let socket = AdminSocket(directory: directory)
        switch socket.probe() {
        case .answers:
            return AdminClient(carrier: SocketCarrier(socket: socket, transport: try Composition.transport()))
        case .silent: return nil
        case .barred(let sentence): throw Failure(sentence)
        }
    }

    /// Sends one request.
    ///
    /// - Throws: ``Failure`` with the sentence of whoever refused it.
    func send(_ call: AdminCall) async throws -> (body: [UInt8], root: JSONValue) {
        let reply: Reply
        do {
            reply = try await carrier.carry(call)
        } catch let error as TransportError {
            throw Failure("The server did not answer (\(error)); look at its log, then try again.")
        }
        return (reply.body, try reply.checked().root)
    }
}
