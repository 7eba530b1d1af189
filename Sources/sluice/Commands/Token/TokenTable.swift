import SluiceJSON

/// API tokens for people.
enum TokenTable {
    static func show(_ records: [JSONValue], isWide: Bool) throws {
        var table = Table(
            ["ID", "OWNER", "NAME", "STATUS", "MAY", "SCOPES", "LAST USED", "ENDS"],
            wide: ["SCOPES"]
        )
        for record in records {
            table.add(
                cells: TableCell(Cell.text(record[key: "id"])),
                TableCell(Cell.text(record[key: "owner"]?[key: "name"])),
                TableCell(Cell.text(record[key: "name"])),
                TableCell(Cell.text(record[key: "status"])),
                TableCell(may(record)),
                TableCell(Cell.list(record[key: "scopes"])),
                Cell.age(record[key: "lastUsedAt"]),
                Cell.age(record[key: "expiresAt"])
            )
        }
        try table.show(
            whenEmpty: "There is no token; make one with: sluice token create --name NAME",
            isWide: isWide
        )
    }

    /// What a token is narrowed to.
    private static func may(_ record: JSONValue) -> String {
        let (types, models) = (Cell.list(record[key: "types"], none: ""), Cell.list(record[key: "models"], none: ""))
        let parts = [types, models].filter { !$0.isEmpty }
        return parts.isEmpty ? "all" : parts.joined(separator: " of ")
    }

    static func show(_ record: JSONValue) throws {
        var facts = Facts()
        facts.add("id", Cell.text(record[key: "id"]))
        facts.add("name", Cell.text(record[key: "name"]))
        facts.add("owner", Cell.text(record[key: "owner"]?[key: "name"]))
        facts.add("owner id", Cell.text(record[key: "owner"]?[key: "id"]))
        facts.add("status", Cell.text(record[key: "status"]))
        facts.add("scopes", Cell.list(record[key: "scopes"]))
        facts.add("types", Cell.list(record[key: "types"], none: "all"))
        facts.add("models", Cell.list(record[key: "models"], none: "all"))
        facts.addIfPresent("tag", Cell.text(record[key: "tag"]))
        facts.addIfPresent("imported", record[key: "imported"]?.boolean == true ? "yes" : "-")
        facts.add("created", Cell.moment(record[key: "createdAt"]))
        facts.add("ends", Cell.moment(record[key: "expiresAt"]))
        facts.add("last used", Cell.moment(record[key: "lastUsedAt"]))
        facts.addIfPresent("replaced by", Cell.text(record[key: "replacedBy"]))
        facts.addIfPresent("revoked", Cell.moment(record[key: "revokedAt"]))
        try facts.show()
    }
}
