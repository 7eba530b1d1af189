import ArgumentParser

/// Which jobs to list.
struct JobFilter: ParsableArguments {
    @Option(help: "Only jobs for this model.")
    var model: String?

    @Option(name: .customLong("class"), help: "Only jobs that failed with this class of error.")
    var errorClass: String?

    @Option(help: "Only jobs of this owner, by name or id.")
    var owner: String?

    @Option(help: "Only jobs that ended, or were made, within this time.")
    var since: DurationArgument?

    @Flag(help: "Among dead jobs, also the calls whose callers got their error.")
    var calls = false

    @Option(help: "Go on after this job: the last one of the page before.")
    var after: String?

    @Option(help: "The most jobs to show.")
    var limit: Count = 50

    func call(status: String?) -> AdminCall {
        .get(
            "jobs",
            query: [
                ("status", status), ("calls", calls ? "true" : nil), ("model", model), ("class", errorClass),
                ("owner", owner), ("since", since?.ago),
                ("after", after), ("limit", String(limit.value)),
            ]
        )
    }
}
