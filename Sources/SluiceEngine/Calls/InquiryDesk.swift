package import SluiceJSON
package import SluiceProvider
import SluiceStore
package import SluiceTypes

/// Asks providers beside all jobs: nothing is stored of it, nobody waits for a place, and nothing is asked twice.
package final class InquiryDesk: Sendable {
    /// The longest that an inquiry takes, and the longest answer to one.
    private static let (patience, mostBytes) = (Duration.seconds(10), 1 << 20)

    private let switchboard: Switchboard
    private let transport: any Transport
    private let time: EngineTime

    init(switchboard: Switchboard, transport: any Transport, time: EngineTime) {
        self.switchboard = switchboard
        self.transport = transport
        self.time = time
    }

    /// Has the tokens of a request counted, by the row that the call itself would be sent to.
    ///
    /// - Parameters:
    ///   - document: the request.
    ///   - format: how it is read.
    ///   - allowed: whose it is, and of which model; fallbacks are not asked.
    ///   - fields: those header fields of the caller that go up.
    package func countTokens(
        of document: Document,
        in format: RequestFormat,
        for allowed: AllowedRoute,
        fields: [HeaderField]
    ) async -> InquiryAnswer {
        let request = CallerRequest(
            operation: allowed.operation,
            format: format,
            stream: false,
            model: allowed.model,
            document: document,
            headers: fields
        )
        let route = allowed.route.isBound ? allowed.route : ModelRoute(allowed.model)
        return await ask(.countTokens, about: request, at: route, for: allowed.owner)
    }

    private func ask(
        _ inquiry: Inquiry,
        about request: CallerRequest,
        at route: ModelRoute,
        for owner: OwnerID
    ) async -> InquiryAnswer {
        let group = JobGroup(
            lane: .interactive,
            operation: request.operation,
            format: request.format,
            route: route.text
        )
        let wish = Wish(group, owner: owner, isQueued: false)
        switch await switchboard.permit(for: wish, until: time.uptime(), unless: nil) {
        case .full, .abandoned: return .full
        case .closed(let hold): return .closed(hold)
        case .permit(let permit):
            defer { switchboard.release(permit, of: owner) }
            return await answer(to: inquiry, about: request, on: permit)
        }
    }

    private func answer(to inquiry: Inquiry, about request: CallerRequest, on permit: Permit) async -> InquiryAnswer {
        let row = permit.row
        do throws(AdapterFault) {
            let ask = try row.ask(for: request, model: permit.upstream, attempt: 1)
            guard let call = try row.adapter.call(for: inquiry, ask), var endpoint = row.endpoint else {
                return .unserved
            }
            endpoint.timeouts = CallTimeouts(
                connect: InquiryDesk.patience / 2,
                firstByte: InquiryDesk.patience,
                idle: InquiryDesk.patience,
                total: InquiryDesk.patience
            )
            endpoint.answerLimit = InquiryDesk.mostBytes
            guard let outgoing = OutgoingCall(call, to: endpoint, secret: permit.secret) else { return .unserved }
            return await send(outgoing, row)
        } catch {
            return .failed(error.message)
        }
    }

    private func send(_ call: OutgoingCall, _ row: ProviderRow) async -> InquiryAnswer {
        var (status, body) = (0, [UInt8]())
        do throws(TransportError) {
            for try await event in transport.send(call) {
                switch event {
                case .head(let head): status = head.status
                case .chunk(let bytes): body += bytes
                case .end: return .answered(status: status, body: Scrubber.hide(row.secrets, in: body))
                }
            }
            return .failed("the call broke off")
        } catch {
            return .failed(Scrubber.scrub(error.message, hiding: row.secrets))
        }
    }
}
