/// Fields of comma-separated values (RFC 4180).
enum CSV {
    /// `text` as a field: quoted where it has to be, and with an apostrophe in front where a spreadsheet would take it for a formula.
    ///
    /// Source: OWASP, "CSV Injection".
    static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.utf8.contains(where: { "\",\n\r".utf8.contains($0) }) else { return plain }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
