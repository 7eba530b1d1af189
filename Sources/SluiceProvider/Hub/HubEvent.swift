/// What happens in an answer, in nobody's words: blocks are opened, grow and are closed, and the model stops.
///
/// A block is one part of the answer's turn. Its index counts from 0 in the order of opening, which is the order of the
/// parts. Several may be open at once, since calls can grow side by side.
///
/// A signature, or the encrypted form of a reasoning, comes with `close` and is no `delta`: it is bound to all of its block
/// and so can't be known before, providers send it whole, as the last thing of a block (`signature_delta`,
/// `encrypted_content` in `response.output_item.done`), and a reader that shows deltas must never show it. Being said by the
/// event that ends the block, it can neither get lost between two blocks nor come to stand behind the wrong one. What a
/// provider tells at a block's start, as the data of redacted thinking, waits for its close too. Citations are told there
/// for the same reason: they belong to the whole text.
public enum HubEvent: Hashable, Sendable {
    /// A block begins.
    case open(index: Int, HubBlockKind)
    /// A block grows by these bytes, copied as the provider spelled them within a JSON string.
    ///
    /// Two pieces of a text may have the halves of an escaped character. Of a block that is `other` it is a JSON text: the
    /// provider's own delta.
    case delta(index: Int, ArraySlice<UInt8>)
    /// A block is whole.
    case close(index: Int, HubClosing)
    /// The model has stopped.
    case finish(HubFinish)
}
