public import SluiceJSON
import SluiceProvider
import SluiceTypes

/// A request that names the response before it, as one that says the whole thread itself: for a provider that does not have that
/// response, or does not have it any more.
///
/// Of each turn its input goes in and then its output, not its instructions, tools and format; then comes the request's own input.
/// Items are the bytes that were sent or answered. Those of earlier turns lose the ids under which a provider would look them up, and
/// what another account can't read is left out and named.
///
/// Source: OpenAI's guides "Conversation state" and "Reasoning", "Encrypted reasoning items"; what its API refuses, by the threads of
/// those who met it: an item with an id that is not stored, reasoning without its `encrypted_content`, a call without an output.
public struct ResponsesRebuild: Sendable {
    /// How many turns of a thread are carried at most.
    public static let mostTurns = ThreadTurn.most

    /// The request: as it came, but with the thread in its `input` and without `previous_response_id`.
    public let body: Document
    /// What was left out of earlier turns, by the types of items.
    public let dropped: DroppedNames
    /// How many earlier turns are in it.
    public let turns: Int

    /// Puts a request together.
    ///
    /// - Parameters:
    ///   - turns: the turns before it, from the first on.
    ///   - call: the request as it came.
    ///   - limit: how long it may become, in bytes.
    /// - Throws: ``ResponsesFault`` for a thread that can't be said in one request, or can't be read.
    public init(_ turns: [ResponsesTurn], _ call: Document, limit: Int) throws(ResponsesFault) {
        guard turns.count <= ResponsesRebuild.mostTurns else {
            throw .tooManyTurns(limit: ResponsesRebuild.mostTurns)
        }
        guard call.root.kind == .object else { throw .noInput }
        var thread = try ResponsesThread(call)
        for turn in turns { try thread.add(turn) }
        let input = try thread.input(limit: limit)
        var splice = Splice(call)
        splice.change(call.root, cutting: ["previous_response_id"], setting: [("input", input)])
        let text = splice.text
        guard text.count <= limit else { throw .tooLarge(limit: limit) }
        do throws(JSONError) {
            // jansson has judged every turn and the request when they came.
            body = try Document(indexing: text, limits: JSONLimits(isLenient: true))
        } catch {
            throw .tooComplex
        }
        dropped = thread.dropped
        self.turns = turns.count
    }
}
