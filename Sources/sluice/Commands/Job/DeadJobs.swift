import SluiceJSON

/// The ids of the dead jobs that fit a filter, newest first, read page by page.
///
/// The pages go by the last id seen, so that a job that is redriven meanwhile shifts none of the others.
struct DeadJobs {
    let client: AdminClient
    let model: String?
    let errorClass: String?
    let since: String?

    private var page: ArraySlice<String> = []
    private var after: String?
    private var isLast = false

    init(client: AdminClient, model: String?, errorClass: String?, since: String?) {
        self.client = client
        self.model = model
        self.errorClass = errorClass
        self.since = since
    }

    /// The next id; nil after the last.
    ///
    /// - Throws: as ``AdminClient/send(_:)``.
    mutating func next() async throws -> String? {
        while page.isEmpty {
            guard !isLast else { return nil }
            let answer = try await client.send(call)
            page = (answer.root[key: "jobs"]?.elements ?? []).compactMap { $0[key: "id"]?.string }[...]
            after = answer.root[key: "next"]?.string
            isLast = after == nil
        }
        return page.removeFirst()
    }

    private var call: AdminCall {
        .get(
            "jobs",
            query: [
                ("status", "dead"), ("model", model), ("class", errorClass), ("since", since), ("after", after),
                ("limit", "100"),
            ]
        )
    }
}
