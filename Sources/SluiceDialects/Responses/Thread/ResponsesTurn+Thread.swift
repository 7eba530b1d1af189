import SluiceProvider
import SluiceTypes

extension ResponsesTurn {
    /// The events of a stream that hold what was answered.
    private static let telling = [
        "response.completed", "response.incomplete", "response.done", "response.output_item.done",
    ].map { Array($0.utf8) }

    /// Whether an event of that name may hold what was answered; one without a name may.
    private static func tells(_ name: ArraySlice<UInt8>) -> Bool {
        name.isEmpty || telling.contains { $0.count == name.count && name.elementsEqual($0) }
    }

    /// Takes a turn as the gateway keeps it.
    init(_ turn: ThreadTurn) {
        let output: Output =
            switch turn.output {
            case .object(let object): .object(object)
            case .events(let events):
                .events(events.filter { ResponsesTurn.tells($0.name) }.map { Array($0.data) })
            }
        self.init(job: turn.job, input: turn.input, output: output, sharesAccount: turn.sharesAccount)
    }
}
