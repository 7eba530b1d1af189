/// Plain aligned columns for people.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) {
        self.headings = headings
    }

    init(_ headings: [String]) {
        self.headings = headings
    }

    mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// One line each, columns two spaces apart, without trailing spaces.
    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { Self.line($0, widths) }
    }

    /// Prints the table, or `empty` to standard error where it has no row.
    func show(whenEmpty empty: String) throws {
        guard !rows.isEmpty else { return Console.note(empty) }
        for line in lines { try Console.print(line) }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (cell, width) in zip(cells, widths) {
            text += Printable.line(cell) + String(repeating: " ", count: width - cell.count + 2)
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
