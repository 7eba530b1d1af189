import SluiceJSON

/// What a run of new prices did, or would do, in words and a table.
struct RepricingSheet {
    private let root: JSONValue
    private let isDry: Bool
    private let undone: Int?

    init(_ root: JSONValue, isDry: Bool, undone: Int?) {
        self.root = root
        self.isDry = isDry
        self.undone = undone
    }

    /// Prints the table, and what is to be said beside it.
    ///
    /// - Throws: what ``Console`` throws.
    func show() throws {
        var table = Table("MODEL", "PROVIDER", "CALLS", "UNPRICED", "UNKNOWN", "COST BEFORE", "COST NOW")
        for model in root[key: "models"]?.elements ?? [] { row(model, Cell.text(model[key: "model"]), &table) }
        if (root[key: "models"]?.elements.count ?? 0) > 1, let total = root[key: "total"] { row(total, "all", &table) }
        try table.show(whenEmpty: isDry ? "Nothing would change." : "Nothing has changed.")
        for sentence in notes { Console.note(sentence) }
    }

    private func row(_ change: JSONValue, _ name: String, _ table: inout Table) {
        let (before, after) = (change[key: "before"], change[key: "after"])
        table.add(
            name,
            Cell.text(change[key: "provider"]),
            Cell.text(change[key: "lines"]),
            RepricingSheet.step(before, after, "unpriced"),
            RepricingSheet.step(before, after, "unknown"),
            Cell.text(before?[key: "costUSD"]),
            Cell.text(after?[key: "costUSD"])
        )
    }

    /// `3 > 0`, or one number where it stays.
    private static func step(_ before: JSONValue?, _ after: JSONValue?, _ name: String) -> String {
        let (old, new) = (Cell.text(before?[key: name]), Cell.text(after?[key: name]))
        return old == new ? new : "\(old) > \(new)"
    }

    private var notes: [String] {
        var notes: [String] = []
        let seen = root[key: "seen"]?.integer ?? 0
        if seen == 0, let oldest = root[key: "oldest"]?.string, undone == nil {
            notes.append("No such call is kept; the oldest that is began at \(oldest).")
        }
        let left = root[key: "left"]
        for (name, sentence) in [
            ("toldByProvider", "their providers themselves have said what they cost"),
            ("rowIsGone", "their rows are not in the providers file any more"),
            ("nothingKnown", "nothing is known of what they used, or they used nothing"),
            ("changedSince", "they were told anew or changed by another run since"),
        ] {
            let count = left?[key: name]?.integer ?? 0
            if count > 0 { notes.append("\(RepricingSheet.calls(count)) stay as they are: \(sentence).") }
        }
        let changed = root[key: "changed"]?.integer ?? 0
        guard let run = root[key: "run"]?.integer else {
            return notes + (changed > 0 ? ["This was only tried: without --dry-run it is done."] : [])
        }
        if let undone {
            notes.append("Run \(run) has taken run \(undone) back in \(RepricingSheet.calls(changed)).")
        } else {
            notes.append(
                "Run \(run) has changed \(RepricingSheet.calls(changed)); take it back with: sluice price reprice --undo \(run)"
            )
        }
        return notes
    }

    private static func calls(_ count: Int64) -> String { count == 1 ? "1 call" : "\(count) calls" }
}
