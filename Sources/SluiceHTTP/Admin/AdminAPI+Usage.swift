import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    /// What was used and what it cost, told apart as asked.
    func usage(_ request: AdminRequest) async throws -> AdminReply {
        var reader = QueryReader(request.pairs, known: UsageReport.parameters + ["owner"])
        var report = UsageReport(&reader, parts: UsageQuery.Part.allCases, today: LedgerKey.day(of: now()))
        let name = reader.text("owner")
        if name == nil, report.needsOwner {
            reader.fault("session", "is a caller's own name for it: say whose, with owner, or give its 16 digits")
        }
        try reader.finish()
        var owner: OwnerID?
        if let name { owner = try await tokens.owner(name).id }
        try await report.ask(records, owner: owner)
        let owners = try await ownerNames()
        return .object { [report] writer in report.write(owners, to: &writer) }
    }
}
