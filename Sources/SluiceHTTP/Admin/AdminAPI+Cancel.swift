import SluiceEngine
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    /// Cancels a page of the jobs that have not ended and fit a filter; `next` is where the next page begins.
    ///
    /// One that ends meanwhile is left out. With `dryRun` the jobs are only named.
    func cancelMany(_ request: AdminRequest) async throws -> AdminReply {
        let body = try request.fields([])
        try body.finish()
        var reader = QueryReader(
            request.pairs,
            known: [
                "status", "model", "type", "owner", "lane", "since", "until", QueryReader.metadata, "after", "limit",
                "dryRun",
            ]
        )
        let ownerName = reader.text("owner")
        var query = OpenJobQuery(
            state: reader.choice("status", OpenState.self),
            model: reader.text("model"),
            operation: reader.choice("type", Operation.self),
            lane: reader.choice("lane", Lane.self),
            since: reader.moment("since"),
            until: reader.moment("until"),
            metadata: reader.metadata(),
            after: reader.value("after", OpenJobPlace.init, "must be the `next` of the page before"),
            limit: reader.integer("limit", 1...1000, default: 500)
        )
        let dryRun = reader.flag("dryRun")
        try reader.finish()
        if let ownerName { query.owner = try await tokens.owner(ownerName).id }
        let page = try await records.openJobs(query)
        let outcomes =
            dryRun
            ? page.ids.map { JobOutcome(id: $0, change: .done) }
            : await changeAll(page.ids, id: \.self) { id in
                switch try await self.cancelOne(id, request) {
                case .cancelled: true
                case .ended, .notFound: false
                }
            }
        return reply("cancelled", outcomes, next: page.next?.description)
    }

    /// Cancels one job, with its line in the audit.
    ///
    /// - Throws: `StoreError`.
    func cancelOne(_ id: JobID, _ request: AdminRequest) async throws(StoreError) -> Cancellation {
        try await jobs.cancel(id, owner: nil, audit: entry("job.cancel", id, request))
    }
}
