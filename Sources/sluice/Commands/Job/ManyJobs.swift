import SluiceJSON

/// The dead jobs that fit a filter, redriven page by page, newest first.
///
/// Each page goes on where the one before ended, so that none is met twice, whatever becomes of it meanwhile.
struct DeadJobs {
    let client: AdminClient
    let model: String?
    let errorClass: String?
    let owner: String?
    let since: String?
    /// At most so many of them; nil for all.
    let limit: Int?
    /// Whether calls whose callers got their error are among them.
    let withCalls: Bool

    /// What became of the jobs of one page.
    struct Page {
        var queued: [String]
        var refused: [(id: String, sentence: String)]
    }

    /// How many jobs one request is for: few enough that a bar moves, and enough that they share commits.
    private static let pageSize = 500

    /// Hands on page after page, queued again to `newModel` where it is given; with `dryRun` they are only named.
    ///
    /// - Throws: as ``AdminClient/send(_:)``, and what `body` throws.
    func forEachPage(
        to newModel: String?,
        dryRun: Bool,
        _ body: (Page) throws -> Void
    ) async throws {
        var after: String?
        var left = limit ?? .max
        repeat {
            let root = try await client.send(call(newModel, dryRun, after, min(left, DeadJobs.pageSize))).root
            let queued = (root[key: "queued"]?.elements ?? []).compactMap(\.string)
            let refused = (root[key: "refused"]?.elements ?? []).map { refusal in
                (id: Cell.text(refusal[key: "id"]), sentence: Cell.text(refusal[key: "detail"]))
            }
            try body(Page(queued: queued, refused: refused))
            left -= queued.count + refused.count
            after = root[key: "next"]?.string
        } while after != nil && left > 0
    }

    /// How many there are now.
    ///
    /// - Throws: as ``AdminClient/send(_:)``.
    func count() async throws -> Int64 {
        var count = 0
        try await forEachPage(to: nil, dryRun: true) { count += $0.queued.count }
        return Int64(count)
    }

    private func call(_ newModel: String?, _ dryRun: Bool, _ after: String?, _ count: Int) -> AdminCall {
        .post(
            "jobs",
            "redrive",
            query: [
                ("modelWas", model), ("class", errorClass), ("owner", owner), ("since", since), ("after", after),
                ("calls", withCalls ? "true" : nil),
                ("dryRun", dryRun ? "true" : nil), ("limit", String(count)),
            ],
            body: JSONWriter.bytes { writer in writer.object { $0.memberIfPresent("model", newModel) } }
        )
    }
}
