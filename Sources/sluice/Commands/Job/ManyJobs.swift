import Glibc
import SluiceJSON

/// The jobs that fit a filter, changed page by page.
///
/// Each page goes on where the one before ended, and none is told of twice, whatever becomes of it meanwhile.
struct ManyJobs {
    let client: AdminClient
    let action: ManyAction
    /// What the admin API is asked for.
    let filter: [(name: String, value: String?)]
    /// At most so many of them; nil for all.
    let limit: Int?

    /// What became of the jobs of one page.
    struct Page {
        var done: [String]
        var refused: [(id: String, sentence: String)]
    }

    /// How many jobs one request is for: few enough that a bar moves, and enough that they share commits.
    private static let pageSize = 500

    /// As many are changed without a question.
    private static let unasked: Int64 = 100

    /// Changes them and tells `report` of each; with `dryRun` they are only named.
    ///
    /// Where there are many, and `yes` does not say that they are meant, the terminal is asked.
    ///
    /// - Throws: as ``AdminClient/send(_:)``; ``Failure`` where many jobs fit and nobody says that they are meant;
    ///   ``OutputError``.
    func change(dryRun: Bool, yes: Bool, _ report: ManyReport) async throws {
        if !dryRun, !yes { try await ask(mayAsk: !report.json) }
        var bar = report.json ? ProgressBar("jobs", isShown: false) : ProgressBar("jobs")
        let total = bar.isShown && !dryRun ? try await count() : nil
        try await forEachPage(dryRun: dryRun) { page in
            bar.clear()
            for id in page.done { try report.found(id) }
            for refusal in page.refused { report.refused(refusal.id, refusal.sentence) }
            bar.show(Int64(report.done.count), of: total)
        }
        bar.clear()
    }

    private func ask(mayAsk: Bool) async throws {
        let count = try await count()
        guard count > ManyJobs.unasked else { return }
        if mayAsk, Console.isAsked("\(count) jobs fit, \(action.question) [y/N]") { return }
        throw Failure("\(count) jobs fit: look with --dry-run, narrow it with --limit, or say --yes.")
    }

    /// How many there are now.
    private func count() async throws -> Int64 {
        var count = 0
        try await forEachPage(dryRun: true) { count += $0.done.count }
        return Int64(count)
    }

    private func forEachPage(dryRun: Bool, _ body: (Page) throws -> Void) async throws {
        var told: Set<String> = []
        var left = limit ?? .max
        for _ in 0..<(dryRun ? 1 : action.rounds) {
            var after: String?
            repeat {
                guard left > 0 else { return }
                let answer = try await client.send(call(dryRun, after, min(left, ManyJobs.pageSize))).root
                var page = page(of: answer)
                page.done.removeAll { !told.insert($0).inserted }
                page.refused.removeAll { !told.insert($0.id).inserted }
                try body(page)
                left -= page.done.count + page.refused.count
                after = answer[key: "next"]?.string
            } while after != nil
        }
    }

    private func page(of answer: JSONValue) -> Page {
        Page(
            done: (answer[key: action.member]?.elements ?? []).compactMap(\.string),
            refused: (answer[key: "refused"]?.elements ?? []).map { refusal in
                (id: Cell.text(refusal[key: "id"]), sentence: Cell.text(refusal[key: "detail"]))
            }
        )
    }

    private func call(_ dryRun: Bool, _ after: String?, _ count: Int) -> AdminCall {
        let page = [("after", after), ("dryRun", dryRun ? "true" : nil), ("limit", String(count))]
        return .post("jobs", action.path, query: filter + page, body: action.body)
    }
}
