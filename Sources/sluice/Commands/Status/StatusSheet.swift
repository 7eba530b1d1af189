import SluiceJSON
import SluiceTypes

/// How all stands, for people: what is well in a line each, and what is not with its reason.
struct StatusSheet {
    private let root: JSONValue
    private let now: Timestamp

    init(_ root: JSONValue, at now: Timestamp = .now()) {
        self.root = root
        self.now = now
    }

    func show(isWide: Bool) throws {
        try facts.show()
        try showGroups(isWide: isWide)
        try showRows(isWide: isWide)
        try showBudgets(isWide: isWide)
        try showTokens(isWide: isWide)
    }

    private var facts: Facts {
        var facts = Facts()
        let reason = root[key: "reason"]?.string
        facts.add("ready", reason.map { "no: \($0)" } ?? "yes")
        facts.add("version", Cell.text(root[key: "version"]))
        facts.addIfPresent("address", Cell.text(root[key: "address"]))
        if let seconds = root[key: "uptimeSeconds"]?.integer { facts.add("up for", Age.text(seconds: seconds)) }
        facts.add("jobs", JobCounts.text(root[key: "jobs"]))
        if let waiting = root[key: "waiting"]?.members, !waiting.isEmpty {
            let parts = waiting.map { "\(Cell.text($0.value)) for \(StatusSheet.words[$0.key] ?? $0.key)" }
            facts.add("queued wait", parts.joined(separator: ", "))
        }
        if let streams = root[key: "streams"]?.integer { facts.add("streams", String(streams)) }
        guard let store = root[key: "store"] else { return facts }
        let trouble = store[key: "trouble"]?.string
        let sizes = [("bytes", "kept"), ("freeBytes", "free")].compactMap { member, word in
            store[key: member]?.integer.map { "\(Size.text($0)) \(word)" }
        }
        facts.add("store", ([trouble ?? "well"] + sizes).joined(separator: ", "))
        return facts
    }

    /// What `sluice_jobs_waiting` calls it, in a clause.
    private static let words = [
        "window": "a provider that asked to wait", "breaker": "a provider whose calls fail",
        "unreachable": "a provider that can't be reached", "key": "a key that is refused",
        "money": "an account that is used up", "suspected": "an account that is suspected",
        "no_row": "a row that serves them", "paused": "an operator", "limit": "their owner's limits",
        "pause": "a moment of their own", "place": "a place",
    ]

    private func showGroups(isWide: Bool) throws {
        var table = Table(
            ["MODEL", "LANE", "TYPE", "QUEUED", "DUE FOR", "UNTIL", "WAITING FOR"],
            wide: ["TYPE"],
            rigid: ["QUEUED"]
        )
        for group in root[key: "groups"]?.elements ?? [] {
            let reason = Cell.text(group[key: "reason"])
            table.add(
                cells: TableCell(Cell.list(group[key: "models"])),
                TableCell(Cell.text(group[key: "lane"])),
                TableCell(Cell.text(group[key: "type"])),
                TableCell(Cell.text(group[key: "queued"])),
                TableCell(group[key: "dueForSeconds"]?.integer.map { Age.text(seconds: $0) } ?? "-"),
                Cell.age(group[key: "until"], at: now),
                TableCell(group[key: "waitingFor"]?.string ?? StatusSheet.words[reason] ?? reason)
            )
        }
        try show(table, isWide: isWide)
    }

    private func showRows(isWide: Bool) throws {
        var table = Table("ROW", "STATE", "RUNNING", "WAITING")
        for row in root[key: "rows"]?.elements ?? [] {
            let state = Cell.list(row[key: "state"])
            guard state != "ready" else { continue }
            table.add(
                cells: TableCell(Cell.text(row[key: "name"])),
                TableCell(state, tone: .bad),
                TableCell("\(Cell.text(row[key: "running"]))/\(Cell.text(row[key: "allowed"]))"),
                TableCell(Cell.text(row[key: "waiting"]))
            )
        }
        try show(table, isWide: isWide)
        if !table.isEmpty { Console.note("`sluice provider list` says why, and what to do.") }
    }

    /// What has asked its provider for longest.
    func showSlowest(isWide: Bool) throws {
        var table = Table("RUNNING JOB", "ROW", "FOR")
        for run in root[key: "slowest"]?.elements ?? [] {
            table.add(
                cells: TableCell(Cell.text(run[key: "id"])),
                TableCell(Cell.text(run[key: "row"])),
                TableCell(run[key: "runningSeconds"]?.integer.map { Age.text(seconds: $0) } ?? "-")
            )
        }
        try show(table, isWide: isWide)
    }

    private func showBudgets(isWide: Bool) throws {
        var table = Table(["OWNER", "USED", "BUDGET USD", "SPENT USD", "HELD USD", "ENDS"], rigid: ["USED"])
        for budget in root[key: "budgets"]?.elements ?? [] {
            guard let percent = budget[key: "usedPercent"]?.integer, percent >= 80 else { continue }
            table.add(
                cells: TableCell(Cell.text(budget[key: "owner"]?[key: "name"])),
                TableCell("\(percent) %", tone: percent >= 100 ? .bad : .middling),
                TableCell(Cell.text(budget[key: "budgetUSD"])),
                TableCell(Cell.text(budget[key: "spentUSD"])),
                TableCell(Cell.text(budget[key: "heldUSD"])),
                Cell.age(budget[key: "windowEnd"], at: now)
            )
        }
        try show(table, isWide: isWide)
    }

    private func showTokens(isWide: Bool) throws {
        var table = Table("TOKEN", "OWNER", "NAME", "ENDS")
        for token in root[key: "endingTokens"]?.elements ?? [] {
            table.add(
                cells: TableCell(Cell.text(token[key: "id"])),
                TableCell(Cell.text(token[key: "owner"]?[key: "name"])),
                TableCell(Cell.text(token[key: "name"])),
                Cell.age(token[key: "expiresAt"], at: now)
            )
        }
        try show(table, isWide: isWide)
        if !table.isEmpty { Console.note("`sluice token rotate ID` makes a successor.") }
    }

    /// A table that has anything in it stands behind an empty line.
    private func show(_ table: Table, isWide: Bool) throws {
        guard !table.isEmpty else { return }
        try Console.print("")
        try table.show(whenEmpty: "", isWide: isWide)
    }
}
