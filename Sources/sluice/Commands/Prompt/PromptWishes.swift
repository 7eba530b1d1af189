import ArgumentParser
import SluiceJSON

/// How a prompt is to be answered, and when.
struct PromptWishes: ParsableArguments {
    @Option(help: "How much the answer is left to chance, from 0 to 2.")
    var temperature: Double?

    @Option(help: "The most tokens that the answer may have.")
    var maxTokens: Count?

    @Option(help: "Something of your own that the record keeps, as in batch=b1; repeat for more.")
    var metadata: [KeyAndValue] = []

    @Option(help: "Begin so long from now, \(DurationArgument.spelling).")
    var delay: DurationArgument?

    @Option(help: "Give up where it has not begun within this time, \(DurationArgument.spelling).")
    var deadline: DurationArgument?

    @Option(help: "interactive goes first; without it bulk.", completion: Completing.lane)
    var lane: String?

    @Option(help: "How often it may fail before it is dead.")
    var tries: Tries?

    @Option(help: "A model that may answer in its place; repeat for more.", completion: Completing.model)
    var fallback: [String] = []

    func validate() throws {
        let keys = metadata.map(\.key)
        if Set(keys).count < keys.count { throw ValidationError("--metadata names a key twice.") }
    }

    /// The members of a prompt; what was not wished for is left to the gateway.
    func write(to writer: inout JSONWriter) {
        writer.memberIfPresent("randomness", temperature)
        writer.memberIfPresent("maxToken", maxTokens?.value)
        writer.memberIfPresent("delaySeconds", delay?.seconds)
        writer.memberIfPresent("deadlineSeconds", deadline?.seconds)
        writer.memberIfPresent("lane", lane)
        writer.memberIfPresent("tries", tries?.value)
        writer.memberIfAny("fallbacks", strings: fallback)
        guard !metadata.isEmpty else { return }
        writer.member("metadata", object: { writer in for pair in metadata { writer.member(pair.key, pair.value) } })
    }
}
