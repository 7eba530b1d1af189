import SluiceJSON

/// The ids of the dead jobs that fit a filter, newest first, read page by page.
///
/// The pages go by the last id seen, so that a job that is redriven meanwhile shifts none of the others.
struct DeadJobs: AsyncSequence {
    let client: AdminClient
    let model: String?
    let errorClass: String?
    let since: String?

    func makeAsyncIterator() -> Iterator { Iterator(jobs: self) }

    struct Iterator: AsyncIteratorProtocol {
        let jobs: DeadJobs
        private var page: ArraySlice<String> = []
        private var after: String?
        private var isLast = false

        init(jobs: DeadJobs) {
            self.jobs = jobs
        }

        mutating func next() async throws -> String? {
            while page.isEmpty {
                guard !isLast else { return nil }
                try await turn()
            }
            return page.removeFirst()
        }

        private mutating func turn() async throws {
            let answer = try await jobs.client.send(
                .get(
                    "jobs",
                    query: [
                        ("status", "dead"), ("model", jobs.model), ("class", jobs.errorClass), ("since", jobs.since),
                        ("after", after), ("limit", "100"),
                    ]
                )
            )
            page = (answer.root[key: "jobs"]?.elements ?? []).compactMap { $0[key: "id"]?.string }[...]
            after = answer.root[key: "next"]?.string
            isLast = after == nil
        }
    }
}
