import LoopbackProvider
import SluiceTesting

extension Reply {
    /// An answer in a format, whole or as a stream with a pause of so many milliseconds before each piece.
    static func answer(
        _ format: ChatFormat,
        _ pieces: [String],
        id: String = "id-1",
        usage: (input: Int, output: Int) = (9, 12),
        isStream: Bool,
        pause: Int = 0
    ) -> Reply {
        let rest = pause > 0 ? [Step.pause(pause)] : []
        guard isStream else {
            return Reply(rest + response(text: format.answer(pieces.joined(), id: id, usage: usage)).steps)
        }
        let events = format.events(pieces, id: id, usage: usage)
        guard pause > 0 else { return chunked(events.map(\.text)) }
        let steps = chunked(events.map(\.text)).steps
        return Reply(steps.prefix(1) + steps.dropFirst().flatMap { rest + [$0] })
    }
}
