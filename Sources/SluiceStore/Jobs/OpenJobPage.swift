package import SluiceTypes

/// A page of jobs that have not ended.
package struct OpenJobPage: Sendable {
    /// The jobs, in the order of the walk.
    package private(set) var ids: [JobID] = []
    /// The place of the page's last job, where others may follow; nil at the end.
    package private(set) var next: OpenJobPlace?
    private var passedOver = 0
    private let limit: Int

    /// An empty page for at most `limit` jobs.
    package init(limit: Int) {
        self.limit = limit
    }

    /// How many more it takes.
    package var left: Int { max(limit - ids.count - passedOver, 0) }

    /// Takes the job at a place; false where the page is full then.
    ///
    /// A job whose `id` can't be read is left out, and counts as one of those asked for.
    package mutating func add(_ id: JobID?, at place: OpenJobPlace) -> Bool {
        if let id { ids.append(id) } else { passedOver += 1 }
        guard left == 0 else { return true }
        next = place
        return false
    }
}
