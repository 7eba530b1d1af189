import ArgumentParser
import SluiceJSON

struct ProviderPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let a row take no new calls, until it is resumed; what runs goes on.",
        discussion: """
            It outlasts restarts and reloads. Calls take another row that serves the model, else they get a 503 that tells their \
            clients not to repeat it; queued jobs wait, and lose no patience; deadlines that callers have set go on.

            Example: sluice provider pause openai
            """
    )

    @Argument(help: "The row's name.", completion: Completing.row)
    var name: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("providers", name, "pause"))
        if output.json { return try output.show(answer) }
        let isNews = answer.root[key: "changed"]?.boolean == true
        let running = Cell.text(answer.root[key: "running"])
        Console.note(
            isNews
                ? "\(name) takes no new calls; \(running) run on. End it with: sluice provider resume \(name)"
                : "\(name) is paused already, since \(Cell.moment(answer.root[key: "pausedSince"]))."
        )
    }
}

struct ProviderDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Pause a row, and return when nothing is under way at it.",
        discussion: "Example: sluice provider drain openai && systemctl restart my-proxy"
    )

    @Argument(help: "The row's name.", completion: Completing.row)
    var name: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await AdminClient.using(store) { client in
            let answer = try await client.send(.post("providers", name, "pause"))
            var bar = ProgressBar("calls")
            defer { bar.clear() }
            while let running = try await running(client), running > 0 {
                bar.show(running, of: nil, "under way:")
                try await Task.sleep(for: .milliseconds(200))
            }
            bar.clear()
            if output.json { return try output.show(answer) }
            Console.note("\(name) is paused, and nothing is under way. End it with: sluice provider resume \(name)")
        }
    }

    /// How many calls are under way at the row.
    ///
    /// - Throws: ``Failure`` for one that is gone, and for one that somebody has let go on.
    private func running(_ client: AdminClient) async throws -> Int64? {
        let rows = try await client.send(.get("providers")).root[key: "rows"]?.elements ?? []
        guard let row = rows.first(where: { $0[key: "name"]?.string == name }) else {
            throw Failure("The row \(Printable.line(name)) was taken out of the providers file meanwhile.")
        }
        guard row[key: "pausedSince"]?.string != nil else {
            throw Failure("\(name) was resumed meanwhile and takes calls; drain it again.")
        }
        return row[key: "running"]?.integer
    }
}

struct ProviderResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused row take calls again; its queued jobs come a few at a time.",
        discussion: "Example: sluice provider resume openai"
    )

    @Argument(help: "The row's name.", completion: Completing.row)
    var name: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("providers", name, "resume"))
        if output.json { return try output.show(answer) }
        let isNews = answer.root[key: "changed"]?.boolean == true
        Console.note(isNews ? "\(name) takes calls again." : "\(name) was not paused.")
    }
}
