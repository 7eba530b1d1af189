import SluiceJSON

/// Jobs for people.
enum JobTable {
    static func show(_ root: JSONValue, whenEmpty empty: String) throws {
        var table = Table("ID", "STATUS", "TYPE", "MODEL", "OWNER", "ATTEMPTS", "CLASS", "CREATED")
        for job in root[key: "jobs"]?.elements ?? [] {
            table.add(
                Cell.text(job[key: "id"]),
                Cell.text(job[key: "status"]),
                Cell.text(job[key: "type"]),
                Cell.text(job[key: "model"]),
                Cell.text(job[key: "owner"]?[key: "name"]),
                Cell.text(job[key: "attempts"]),
                Cell.text(job[key: "error"]?[key: "class"]),
                Cell.moment(job[key: "createdAt"])
            )
        }
        try table.show(whenEmpty: empty)
        if let next = root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }
}
