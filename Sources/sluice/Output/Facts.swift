/// One thing for people: a name and a value on each line, the values aligned.
struct Facts {
    private var lines: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String) {
        lines.append((name, value))
    }

    /// Leaves the line out where there is nothing to tell.
    mutating func addIfPresent(_ name: String, _ value: String) {
        if value != "-" { add(name, value) }
    }

    func show() throws {
        let width = lines.map(\.name.count).max() ?? 0
        for line in lines {
            let gap = String(repeating: " ", count: width - line.name.count + 2)
            try Console.print(line.name + gap + Printable.line(line.value))
        }
    }
}
