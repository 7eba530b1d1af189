import SluiceCatalogue
import SluiceJSON

/// What a look at all that the gateway stands on has found.
struct Checkup {
    /// How something is.
    enum State: String {
        case good = "ok"
        case doubtful = "look"
        case bad

        var tone: TableCell.Tone {
            switch self {
            case .good: .good
            case .doubtful: .middling
            case .bad: .bad
            }
        }
    }

    private struct Finding {
        var subject: String
        var state: State
        /// How it is, and what to do where something is to be done.
        var sentence: String
    }

    private var findings: [Finding] = []
    private var settings: [(name: String, value: String, from: String)] = []

    var isBad: Bool { findings.contains { $0.state == .bad } }

    private mutating func add(_ subject: String, _ state: State, _ sentence: String) {
        findings.append(Finding(subject: subject, state: state, sentence: sentence))
    }

    // MARK: What is looked at

    mutating func look(at directory: DirectoryLook) {
        guard let mode = directory.mode else {
            return add("directory", .bad, "\(directory.path) is no directory; name the one of the gateway with --data")
        }
        let octal = String(mode, radix: 8)
        if mode & 0o077 != 0 {
            add("directory", .bad, "\(directory.path) is open to others (mode \(octal)); run chmod 700 on it")
        } else {
            add("directory", .good, "\(directory.path), for its owner alone")
        }
        let kind = directory.fileSystem ?? "unknown"
        if DirectoryLook.memory.contains(kind) {
            add("file system", .bad, "\(kind) is memory: nothing in it outlives a power cut; use a disk")
        } else if DirectoryLook.remote.contains(kind) {
            add(
                "file system",
                .bad,
                "\(kind) is on another machine, where locks and flushes don't hold; use a disk of this one"
            )
        } else {
            add("file system", .good, kind)
        }
        guard let free = directory.free else { return }
        let isLittle = free < 1_000_000_000
        add("room", isLittle ? .doubtful : .good, "\(Size.text(free)) free" + (isLittle ? "; make more" : ""))
    }

    mutating func look(at trial: FlushTrial) {
        guard let median = trial.median else {
            return add("flush", .bad, "the data directory takes no file: \(trial.refusal ?? "unknown")")
        }
        let (seconds, attoseconds) = median.components
        let microseconds = max(seconds * 1_000_000 + attoseconds / 1_000_000_000_000, 1)
        let told = "\(microseconds) µs each, \(1_000_000 / microseconds) a second"
        if microseconds > 50_000 {
            add("flush", .doubtful, "\(told): each prompt waits for one; use a faster disk")
        } else if microseconds < 10 {
            add("flush", .doubtful, "\(told): faster than a disk can; is this a disk that only says so?")
        } else {
            add("flush", .good, told)
        }
    }

    mutating func noGateway(on directory: String) {
        add("gateway", .bad, "none runs on \(directory); start it with sluice serve")
    }

    mutating func silent(_ failure: Failure) {
        add("gateway", .bad, failure.sentence)
    }

    mutating func look(atProcess process: JSONValue) {
        settings = (process[key: "settings"]?.elements ?? []).map {
            (Cell.text($0[key: "name"]), Cell.text($0[key: "value"]), Cell.text($0[key: "from"]))
        }
        let version = Cell.text(process[key: "version"])
        let isSame = version == Version.current
        add(
            "version",
            isSame ? .good : .doubtful,
            isSame ? version : "the gateway is \(version), this command \(Version.current); use one version"
        )
        if let complaint = process[key: "complaint"]?.string {
            add("open files", .doubtful, complaint)
        } else if let files = process[key: "openFiles"]?.integer {
            let shares =
                "\(Cell.text(process[key: "connections"])) connections, \(Cell.text(process[key: "calls"])) calls"
            add("open files", .good, "\(files) at most: \(shares)")
        }
        guard let jump = process[key: "clockJumpSeconds"]?.integer else { return }
        if abs(jump) > 5 {
            let way = jump > 0 ? "ahead" : "back"
            add(
                "clock",
                .doubtful,
                "has jumped \(Age.text(seconds: abs(jump))) \(way) since the start; see that it is right"
            )
        } else {
            add("clock", .good, "goes as it should since the start")
        }
    }

    mutating func look(atStatus status: JSONValue) {
        if let reason = status[key: "reason"]?.string {
            add("gateway", .bad, reason)
        } else {
            let uptime = status[key: "uptimeSeconds"]?.integer.map { Age.text(seconds: $0) } ?? "-"
            add("gateway", .good, "ready on \(Cell.text(status[key: "address"])) for \(uptime)")
        }
        if let trouble = status[key: "store"]?[key: "trouble"]?.string {
            add("store", .bad, trouble)
        } else if let bytes = status[key: "store"]?[key: "bytes"]?.integer {
            add("store", .good, Size.text(bytes))
        }
        for token in status[key: "endingTokens"]?.elements ?? [] {
            let id = Cell.text(token[key: "id"])
            let end = Cell.text(token[key: "expiresAt"])
            add("token \(id)", .doubtful, "ends at \(end); sluice token rotate \(id) makes a successor")
        }
    }

    mutating func look(atRows rows: JSONValue) {
        let rows = rows[key: "rows"]?.elements ?? []
        if rows.isEmpty { add("rows", .bad, "there is none; add a provider to the providers file") }
        var usable = 0
        for row in rows {
            var told = [row[key: "unavailable"]?.string, row[key: "misconfigured"]?.string].compactMap(\.self)
            for credential in row[key: "credentials"]?.elements ?? [] {
                guard let problem = credential[key: "problem"]?.string else { continue }
                // The row says of its only key what the key says of itself.
                if !told.contains(problem) { told.append("\(Cell.text(credential[key: "slot"])): \(problem)") }
            }
            if row[key: "unavailable"]?.string == nil { usable += 1 }
            let sentence = told.isEmpty ? "lacks nothing" : told.joined(separator: "; ")
            add("row \(Cell.text(row[key: "name"]))", told.isEmpty ? .good : .doubtful, sentence)
        }
        if usable == 0, !rows.isEmpty { add("rows", .bad, "none can be used, so no prompt is answered") }
    }

    mutating func faulty(_ error: ProviderFileError) {
        add("rows", .bad, "\(error.file) is faulty; sluice provider check tells how")
    }

    // MARK: How it is told

    func show(isWide: Bool) throws {
        var table = Table("CHECK", "STATE", "FOUND")
        for finding in findings {
            let state = TableCell(finding.state.rawValue, tone: finding.state.tone)
            table.add(cells: TableCell(finding.subject), state, TableCell(finding.sentence))
        }
        // Whole, whatever fits on a line: what is to be done stands at the end.
        try table.show(whenEmpty: "", isWide: true)
        let said = settings.filter { $0.from != "preset" || isWide }
        guard !said.isEmpty else { return }
        try Console.print("")
        var told = Table("SETTING", "VALUE", "FROM")
        for setting in said { told.add(setting.name, setting.value, setting.from) }
        try told.show(whenEmpty: "", isWide: true)
    }

    /// The same for scripts, with all settings.
    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", Version.current)
                writer.member("sound", !isBad)
                writer.member(
                    "checks",
                    array: { array in
                        for finding in findings {
                            array.object { writer in
                                writer.member("subject", finding.subject)
                                writer.member("state", finding.state.rawValue)
                                writer.member("found", finding.sentence)
                            }
                        }
                    }
                )
                writer.member(
                    "settings",
                    array: { array in
                        for setting in settings {
                            array.object { writer in
                                writer.member("name", setting.name)
                                writer.member("value", setting.value)
                                writer.member("from", setting.from)
                            }
                        }
                    }
                )
            }
        }
    }
}
