import SluiceJSON

/// All jobs of an owner, page by page.
enum CrashList {
    /// - Throws: ``HarnessError`` for what is no list.
    static func read(_ caller: CrashCaller, owner: Int) throws -> [SeenRecord] {
        var records: [SeenRecord] = []
        var after = ""
        while true {
            guard let answer = try caller.send("GET", "/v1/prompts?limit=100\(after)", as: owner) else {
                throw HarnessError("the list was not answered")
            }
            let json = try answer.json()
            guard answer.status == 200, let prompts = json[key: "prompts"] else {
                throw HarnessError("the list was refused with \(answer.status): \(answer.text)")
            }
            for element in prompts.elements {
                guard let record = SeenRecord(element) else { throw HarnessError("the list holds what is no record") }
                records.append(record)
            }
            guard let next = json[key: "next"]?.string else { return records }
            after = "&after=\(next)"
        }
    }
}
