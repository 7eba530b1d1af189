import SluiceJSON

/// What a command for several jobs came to, told as it goes.
final class ManyReport {
    let action: ManyAction
    let json: Bool
    let dryRun: Bool
    private(set) var done: [String] = []
    private var refusals: [(id: String, sentence: String)] = []
    private var end: String?

    init(_ action: ManyAction, json: Bool, dryRun: Bool) {
        self.action = action
        self.json = json
        self.dryRun = dryRun
    }

    /// Notes a job that was changed.
    ///
    /// - Throws: ``OutputError`` when its id could not be printed; it is in the report all the same.
    func found(_ id: String) throws(OutputError) {
        done.append(id)
        if !json { try Console.print(id) }
    }

    func refused(_ id: String, _ sentence: String) {
        refusals.append((id, sentence))
        Console.note("\(id): \(sentence)")
    }

    /// Notes why the jobs after this one were not looked at.
    func broke(_ sentence: String) {
        end = sentence
    }

    /// Prints the sum.
    ///
    /// - Throws: ``Failure`` when any job was refused, or not looked at.
    func finish() throws {
        if json { try Console.json(summary) }
        // It was refused as a whole.
        if let end, done.isEmpty, refusals.isEmpty { throw Failure(end) }
        if let end { Console.note(end) }
        Console.note(dryRun ? "\(done.count) would be \(action.done)." : "\(done.count) \(action.done).")
        guard end == nil else {
            throw Failure("That broke off, for the reason above: run it again for the jobs that are left.")
        }
        guard refusals.isEmpty else {
            throw Failure("\(refusals.count) could not be \(action.done); the reasons stand above.")
        }
    }

    /// The sum for scripts; `brokeOff` is there only where jobs were left out.
    var summary: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("dryRun", dryRun)
                writer.member(dryRun ? "found" : action.member, array: { array in for id in done { array.value(id) } })
                writer.member(
                    "refused",
                    array: { array in
                        for refusal in refusals {
                            array.object { object in
                                object.member("id", refusal.id)
                                object.member("detail", refusal.sentence)
                            }
                        }
                    }
                )
                writer.memberIfPresent("brokeOff", end)
            }
        }
    }
}
