import SluiceJSON

/// How limits stand, for people.
enum LimitTable {
    static func show(_ root: JSONValue) throws {
        for note in root[key: "notes"]?.elements ?? [] { Console.note("Note: \(Printable.line(Cell.text(note))).") }
        guard let limits = root[key: "limits"], limits.kind == .object else { return try Console.print("no limits") }
        var facts = Facts()
        facts.addIfPresent("requests a minute", Cell.text(limits[key: "rpm"]))
        facts.addIfPresent("tokens a minute", Cell.text(limits[key: "tpm"]))
        facts.addIfPresent("calls at once", Cell.text(limits[key: "atOnce"]))
        facts.addIfPresent("queued jobs", LimitTable.queue(limits[key: "queued"], root[key: "queued"]))
        facts.addIfPresent("queued bytes", LimitTable.queue(limits[key: "queuedBytes"], root[key: "queuedBytes"]))
        if let amount = limits[key: "budget"]?.string {
            let mode = limits[key: "strict"]?.boolean == true ? ", strict" : ""
            facts.add("budget", "\(amount) USD per \(Cell.text(limits[key: "per"]))\(mode)")
            let begin = Cell.moment(root[key: "windowBegin"])
            facts.add("window", "\(begin) to \(Cell.moment(root[key: "windowEnd"]))")
            facts.add("spent", Cell.text(root[key: "spent"]) + " USD")
            facts.add("held", Cell.text(root[key: "held"]) + " USD")
            facts.add("left", Cell.text(root[key: "left"]) + " USD")
        }
        facts.addIfPresent("without a price", Cell.text(limits[key: "unpriced"]))
        facts.addIfPresent("under way", Cell.text(root[key: "underWay"]))
        facts.addIfPresent("shared with", Cell.text(root[key: "sharedWith"]))
        for trial in root[key: "dryRunRefusals"]?.members ?? [] {
            facts.add("dry run of \(trial.key)", "would have refused \(Cell.text(trial.value))")
        }
        try facts.show()
        let holds = root[key: "heldBy"]?.elements ?? []
        guard !holds.isEmpty else { return }
        var table = Table("JOB", "HELD USD")
        for hold in holds { table.add(Cell.text(hold[key: "job"]), Cell.text(hold[key: "usd"])) }
        try Console.print("")
        try table.show(whenEmpty: "")
    }

    /// A limit, and how much of it is there.
    private static func queue(_ limit: JSONValue?, _ size: JSONValue?) -> String {
        guard limit?.integer != nil else { return "-" }
        return "\(Cell.text(limit)), of which \(Cell.text(size)) wait"
    }
}
