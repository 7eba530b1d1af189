import SluiceJSON

/// What a redrive of several jobs came to, told as it goes.
final class RedriveReport {
    let json: Bool
    let dryRun: Bool
    private var done: [String] = []
    private var refusals: [(id: String, sentence: String)] = []

    init(json: Bool, dryRun: Bool) {
        self.json = json
        self.dryRun = dryRun
    }

    func found(_ id: String) {
        done.append(id)
        if !json { Console.answer(id) }
    }

    func refused(_ id: String, _ sentence: String) {
        refusals.append((id, sentence))
        Console.note("\(id): \(sentence)")
    }

    /// Prints the sum.
    ///
    /// - Throws: ``Failure`` when any job was refused.
    func finish() throws {
        if json { Console.json(summary) }
        Console.note(dryRun ? "\(done.count) would be queued again." : "\(done.count) queued again.")
        guard refusals.isEmpty else {
            throw Failure("\(refusals.count) could not be queued again; the reasons stand above.")
        }
    }

    private var summary: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("dryRun", dryRun)
                writer.member(dryRun ? "found" : "queued", array: { array in for id in done { array.value(id) } })
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
            }
        }
    }
}
