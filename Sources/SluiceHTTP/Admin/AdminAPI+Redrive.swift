import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    /// Redrives a page of the dead jobs that fit a filter; `next` is where the next page begins.
    ///
    /// The pages go by the number a job got when it came in, downwards, so that none is met twice, whatever becomes of it
    /// meanwhile, and none is passed over. A model that no row serves is refused before any job is touched. With `dryRun`
    /// the jobs are only named.
    func redriveMany(_ request: AdminRequest) async throws -> AdminReply {
        var body = try request.fields(["model"])
        let model = body["model"] == nil ? nil : body.model()
        try body.finish()
        var reader = QueryReader(
            request.pairs,
            known: [
                "modelWas", "class", "provider", "owner", "since", "until", QueryReader.metadata, "after", "limit",
                "calls",
                "dryRun",
            ]
        )
        let ownerName = reader.text("owner")
        var owner: OwnerID?
        if let ownerName { owner = try await tokens.owner(ownerName).id }
        let query = JobQuery(
            owner: owner,
            state: .dead,
            entry: reader.flag("calls") ? nil : .queue,
            model: reader.text("modelWas"),
            errorClass: reader.choice("class", ErrorClass.self),
            provider: reader.text("provider"),
            since: reader.moment("since"),
            until: reader.moment("until"),
            metadata: reader.metadata(),
            after: reader.jobID("after"),
            limit: reader.integer("limit", 1...1000, default: 500),
            withBodies: false
        )
        let dryRun = reader.flag("dryRun")
        try reader.finish()
        if let model { try checkAnybodyServes(model) }
        let jobs = try await records.jobs(query)
        // One whose key was handed on stays dead, and one that was not to be stored.
        let meant = jobs.filter { $0.supersededBy == nil && $0.terms.keepsBodies == nil }
        let outcomes =
            dryRun
            ? meant.map { JobOutcome(id: $0.id, change: .done) }
            : await changeAll(meant, id: \.id) { job in
                if let model { try self.checkServed(model, job) }
                try await self.redrive(job.id, to: model, request)
                return true
            }
        return reply("queued", outcomes, next: jobs.next?.description)
    }

    /// Without a server the rows are not known, and the model is believed.
    private func checkAnybodyServes(_ model: String) throws(Problem) {
        guard let engine else { return }
        var known: Set<String> = []
        var near: String?
        for operation in Set(engine.rows.flatMap(\.operations)) {
            // In whatever format: each job is asked for itself.
            switch engine.offer(operation, in: .prompt, model: model) {
            case .served, .unavailable, .otherFormat, .unshared: return
            case .unknownOperation: continue
            case .unknownModel(let allowed, let nearest):
                known.formUnion(allowed)
                near = near ?? nearest
            }
        }
        let detail = UnknownName.sentence(model: model, for: nil, known.sorted(), nearest: near)
        throw Problem.invalid([Fault("/model", detail, allowed: known.sorted())])
    }
}
