/// Aligned columns: all there is in a pipe, and on a terminal what fits on a line.
struct Table {
    struct Column {
        var name: String
        /// Left out on a terminal unless it is asked for.
        var isWide: Bool
        /// Never cut: half a number is another number.
        var isRigid: Bool
        /// Its name where lines must fit.
        var shortName: String

        init(_ name: String, isWide: Bool = false, isRigid: Bool = false, shortName: String? = nil) {
            self.shortName = shortName ?? name
            self.name = name
            self.isWide = isWide
            self.isRigid = isRigid
        }
    }

    private let columns: [Column]
    private var rows: [[TableCell]] = []

    /// The fewest characters that are left of a column.
    private static let least = 6
    private static let gap = 2

    init(_ headings: String...) {
        columns = headings.map { Column($0) }
    }

    /// Columns, by their names, of which some are shown where there is room alone, and some are never cut.
    ///
    /// `short` has other names for some of them where lines must fit.
    init(
        _ headings: [String],
        wide: Set<String> = [],
        rigid: Set<String> = [],
        short: [String: String] = [:]
    ) {
        columns = headings.map { name in
            Column(name, isWide: wide.contains(name), isRigid: rigid.contains(name), shortName: short[name])
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: String...) {
        rows.append(cells.map { TableCell($0) })
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map { TableCell($0) })
    }

    mutating func add(cells: TableCell...) {
        rows.append(cells)
    }

    /// One line each, columns two spaces apart, without trailing spaces: everything.
    var lines: [String] { lines(width: nil) }

    /// The same for a terminal that shows so many characters on a line; with colours where it has some.
    func lines(width: Int?, isWide: Bool = false, inColor: Bool = false) -> [String] {
        let shown = columns.indices.filter { width == nil || isWide || !columns[$0].isWide }
        let isShort = width != nil && !isWide
        var cells = [shown.map { TableCell(columns[$0].name, short: columns[$0].shortName) }]
        cells += rows.map { row in shown.map { row[$0] } }
        var texts = cells.map { $0.map { Printable.line(isShort ? $0.short : $0.full) } }
        var widths = shown.indices.map { column in texts.map { $0[column].count }.max() ?? 0 }
        let soft = shown.indices.filter { !columns[shown[$0]].isRigid }
        if let width, isShort { Table.fit(&widths, soft, to: width) }
        for row in texts.indices {
            for column in texts[row].indices { texts[row][column] = Table.cut(texts[row][column], to: widths[column]) }
        }
        return zip(cells, texts).map { cells, texts in
            let line = Table.line(cells, texts, widths, inColor: false)
            if let width, isShort, line.count > width { return Table.cut(line, to: width) }
            return inColor ? Table.line(cells, texts, widths, inColor: true) : line
        }
    }

    /// Prints the table, or `empty` to standard error where it has no row.
    func show(whenEmpty empty: String, isWide: Bool = false) throws {
        guard !rows.isEmpty else { return Console.note(empty) }
        for line in lines(width: Terminal.width, isWide: isWide, inColor: Terminal.hasColors) {
            try Console.print(line)
        }
    }

    /// Narrows the widest of the soft columns, until all of them fit or none can be any narrower.
    private static func fit(_ widths: inout [Int], _ soft: [Int], to width: Int) {
        var excess = widths.reduce(0, +) + gap * max(0, widths.count - 1) - width
        while excess > 0 {
            guard let widest = soft.max(by: { widths[$0] < widths[$1] }), widths[widest] > least else { return }
            let next = soft.filter { $0 != widest }.map { widths[$0] }.max() ?? least
            let step = min(excess, max(1, widths[widest] - max(next, least)))
            widths[widest] -= step
            excess -= step
        }
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(0, width - 1))) + "…"
    }

    private static func line(_ cells: [TableCell], _ texts: [String], _ widths: [Int], inColor: Bool) -> String {
        let last = texts.lastIndex { !$0.isEmpty } ?? 0
        var line = ""
        for place in texts.indices where place <= last {
            line += inColor ? cells[place].painted(texts[place]) : texts[place]
            if place < last { line += String(repeating: " ", count: widths[place] - texts[place].count + gap) }
        }
        return line
    }
}
