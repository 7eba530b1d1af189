import GRDB

/// The tables, indexes and triggers of a database.
enum Structure {
    /// What differs between `db` and a new store, one line each.
    static func differences(of db: Database) throws -> [String] {
        let found = try objects(in: db)
        let expected = try expected()
        let missing = expected.keys.filter { found[$0] == nil }.map { "\($0) is missing" }
        let foreign = found.keys.filter { expected[$0] == nil }.map { "\($0) is not ours" }
        let changed = expected.filter { found[$0.key] != nil && found[$0.key] != $0.value }.map {
            "\($0.key) was changed"
        }
        return (missing + foreign + changed).sorted()
    }

    private static func expected() throws -> [String: String] {
        let new = try DatabaseQueue()
        return try new.writeWithoutTransaction { db in
            try db.execute(sql: Migration.current.sql)
            return try objects(in: db)
        }
    }

    /// The text of each by its kind and name; SQLite's own tables are left out.
    private static func objects(in db: Database) throws -> [String: String] {
        let rows = try db.all(
            """
            SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
            WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            """
        ) { row in (name: row.text(), sql: row.text()) }
        return Dictionary(rows.map { ($0.name, $0.sql) }) { first, _ in first }
    }
}
