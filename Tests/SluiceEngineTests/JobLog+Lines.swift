import SluiceEngine

extension JobLog {
    /// The kinds, stages and names of all its entries, once it is closed.
    var lines: [String] {
        get async {
            var lines: [String] = []
            await read { piece in
                guard let piece else { return false }
                for entry in LogEntries(piece) {
                    lines.append("\(entry.kind) \(entry.stage) \(String(decoding: entry.name, as: UTF8.self))")
                }
                return true
            }
            return lines
        }
    }
}
