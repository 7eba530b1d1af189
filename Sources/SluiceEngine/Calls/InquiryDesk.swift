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
    private let treasury: Treasury
    private let observation: Observation
    private let time: EngineTime

    init(
        switchboard: Switchboard,
        transport: any Transport,
        treasury: Treasury,
        observation: Observation,
        time: EngineTime
    ) {
        self.observation = observation
        self.treasury = treasury
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
    /// - Returns: what came of it.
    package func countTokens(
        of document: Document,
        in format: RequestFormat,
        for allowed: AllowedRoute,
        fields: [HeaderField]
    ) async -> InquiryAnswer {
        // He may have been disabled while the request came in.
        let disabled = treasury.refusal(ofDisabled: allowed.owner)
        if let refusal = disabled ?? treasury.takeRequest(allowed.owner, allowed.token) {
            observation.note(.refused(refusal))
            return .limited(refusal)
        }
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
            let ask = try row.ask(for: request, model: permit.upstream, attempt: 1, isAnswered: false)
            guard let call = try row.adapter.call(for: inquiry, ask),
                let brief = BriefCall(
                    call,
                    to: row,
                    secret: permit.secret,
                    patience: InquiryDesk.patience,
                    mostBytes: InquiryDesk.mostBytes
                )
            else { return .unserved }
            return await send(brief, row)
        } catch {
            return .failed(error.message)
        }
    }

    private func send(_ call: BriefCall, _ row: ProviderRow) async -> InquiryAnswer {
        do throws(TransportError) {
            let answer = try await call.answer(over: transport)
            return .answered(status: answer.status, body: Scrubber.hide(row.secrets, in: answer.body))
        } catch {
            return .failed(Scrubber.scrub(error.message, hiding: row.secrets))
        }
    }
}
