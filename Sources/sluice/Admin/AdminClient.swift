import SluiceJSON
import SluiceProvider

/// What operators' commands speak to: the running server of a data directory, else its store.
struct AdminClient {
    let carrier: any AdminCarrier

    /// Sends one request to whatever stands behind the directory of `options`.
    ///
    /// Where `mayMake` says so, a store is made in a directory that is empty, or not there.
    ///
    /// - Throws: ``Failure`` when neither a server answers nor the store can be opened, and for what was refused.
    static func answer(_ options: DataOptions, mayMake: Bool = false, _ call: AdminCall) async throws -> Document {
        try await using(options, mayMake: mayMake) { try await $0.send(call) }
    }

    /// Lets `body` send requests to whatever stands behind the directory of `options`.
    ///
    /// - Throws: as `answer`, and what `body` throws.
    static func using<Result>(
        _ options: DataOptions,
        mayMake: Bool = false,
        _ body: (AdminClient) async throws -> Result
    ) async throws -> Result {
        let directory = try options.directory()
        if let online = try online(directory: directory) { return try await body(online) }
        let store = try await OfflineCarrier(directory: directory, mayMake: mayMake)
        do {
            let result = try await body(AdminClient(carrier: store))
            await store.close()
            return result
        } catch {
            await store.close()
            throw error
        }
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
    func send(_ call: AdminCall) async throws -> Document {
        guard !call.path.contains("") else { throw Failure.emptyName }
        do {
            return try await carrier.carry(call).checked()
        } catch let error as TransportError {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: TransportError) -> Failure {
        switch error.kind {
        case .refused: Failure("The request can't be sent to the server (\(error)); correct the command's arguments.")
        case .answerTooLarge: Failure("The server's answer is too large (\(error)); ask for less, as with --limit.")
        default: Failure("The server did not answer (\(error)); look at its log, then try again.")
        }
    }
}
