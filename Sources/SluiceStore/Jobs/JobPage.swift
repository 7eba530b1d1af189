package import SluiceTypes

/// A page of a list of jobs, newest first.
///
/// It ends when it holds as many jobs as were asked for, or when the next one's bodies would make it too large. A store
/// adds jobs one by one and stops reading when ``add(_:)`` says so, so that a list never costs much more memory than a
/// page may hold. It also ends when so many jobs were looked at that did not fit, so that a filter that fits few costs no more.
package struct JobPage: Sendable {
    /// The most bytes of bodies in a page; only a job that is alone in its page may have more.
    package static let bodyBytes = 8 << 20
    /// So many jobs are looked at for a page that are not in it, unless somebody says otherwise.
    package static let mostLooks = 20_000

    private var jobs: [JobRecord] = []
    private var passedOver = 0
    private var looks = 0
    private let mostLooks: Int
    private let limit: Int
    private var bytes = 0
    private var last: JobID?
    /// The page's last job, where older ones may follow; nil at the end of the list.
    package private(set) var next: JobID?
    /// Whether it has ended for want of looks, though it had room for more.
    package private(set) var isOutOfLooks = false

    /// An empty page for what fits a query.
    package init(_ query: JobQuery) {
        limit = query.limit
        mostLooks = query.mostLooks
    }

    /// Takes the next older job, or leaves it to the next page; false once the page has ended.
    package mutating func add(_ job: JobRecord) -> Bool {
        let size = job.bodyBytes
        guard jobs.count + passedOver < limit, jobs.isEmpty || bytes + size <= JobPage.bodyBytes else {
            next = last
            return false
        }
        jobs.append(job)
        bytes += size
        return goOn(behind: job.id)
    }

    /// Leaves out a job that can't be read; it counts as one of those asked for, and older ones may follow.
    ///
    /// `id` is nil where not even that can be read.
    package mutating func passOver(_ id: JobID?) -> Bool {
        guard jobs.count + passedOver < limit else {
            next = last
            return false
        }
        passedOver += 1
        return goOn(behind: id ?? last)
    }

    /// Leaves out a job that does not fit; false once enough were looked at.
    package mutating func look(past id: JobID) -> Bool {
        looks += 1
        last = id
        guard looks == mostLooks else { return true }
        next = id
        isOutOfLooks = true
        return false
    }

    private mutating func goOn(behind id: JobID?) -> Bool {
        last = id
        guard jobs.count + passedOver == limit else { return true }
        next = id
        return false
    }
}

extension JobPage: RandomAccessCollection {
    package var startIndex: Int { jobs.startIndex }
    package var endIndex: Int { jobs.endIndex }

    package subscript(position: Int) -> JobRecord { jobs[position] }
}

extension JobRecord {
    /// How many bytes its bodies have.
    fileprivate var bodyBytes: Int {
        let asked = input?.byteCount ?? 0
        let answered = result.map { $0.body.count + $0.text.utf8.count } ?? 0
        return asked + answered
    }
}
