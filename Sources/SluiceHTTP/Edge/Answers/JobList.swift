import SluiceStore
import SluiceTypes

/// A list of jobs for whoever asked, of as many pages as it takes: each ends when so many jobs were looked at.
struct JobList {
    private(set) var jobs: [JobRecord] = []
    /// Where the next list begins; nil at the end.
    private(set) var next: JobID?

    /// Looks for what fits `query`, and gives up with what it has after `patience`; nil looks at all there are.
    ///
    /// - Throws: `StoreError`.
    init(_ query: JobQuery, _ reader: any JobReader, within patience: Duration?) async throws(StoreError) {
        let begin = ContinuousClock.now
        var query = query
        while true {
            let page = try await reader.jobs(query)
            jobs += page
            next = page.next
            query.after = page.next
            query.limit -= page.count
            guard page.isOutOfLooks, !Task.isCancelled else { return }
            if let patience, ContinuousClock.now - begin >= patience { return }
        }
    }
}
