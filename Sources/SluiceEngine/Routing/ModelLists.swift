import SluiceProvider
import SluiceTypes
import Synchronization

/// The lists of models that providers themselves show, remembered for a while.
///
/// A row is asked when it serves names by patterns and shows none of its own, and somebody wants to see the models. Nobody
/// waits longer than ``patience`` for it.
final class ModelLists: Sendable {
    private struct Entry {
        /// The row as it was then.
        var configuration: String
        var names: [String]
        var until: Duration
    }

    /// How long a list is taken for true, and how long a provider that gave none is left alone.
    private static let (life, pause) = (Duration.seconds(600), Duration.seconds(60))
    private static let patience = Duration.seconds(5)
    /// The longest list, in bytes.
    private static let mostBytes = 8 << 20

    private let transport: any Transport
    private let time: EngineTime
    private let entries = Mutex<[String: Entry]>([:])

    init(transport: any Transport, time: EngineTime) {
        self.transport = transport
        self.time = time
    }

    /// The models that each row which is set up shows, in the file's order: its exact names and those it lists, else the
    /// provider's own that fit its patterns.
    func models(of all: [ProviderRow]) async -> [(row: ProviderRow, names: [String])] {
        let rows = all.filter { $0.unavailable == nil }
        return await withTaskGroup(of: (Int, [String]).self) { group in
            for (index, row) in rows.enumerated() { group.addTask { (index, await self.names(of: row)) } }
            var names = Array(repeating: [String](), count: rows.count)
            for await (index, found) in group { names[index] = found }
            return zip(rows, names).map { ($0, $1) }
        }
    }

    private func names(of row: ProviderRow) async -> [String] {
        let own = row.models.filter(\.isExact).map(\.text) + row.listed
        guard row.listed.isEmpty, row.models.contains(where: { !$0.isExact }) else { return own }
        return own + (await upstream(row)).filter { row.closeness(to: $0) != nil && !own.contains($0) }
    }

    private func upstream(_ row: ProviderRow) async -> [String] {
        let now = time.uptime()
        let known = entries.withLock { $0[row.name] }
        if let known, known.configuration == row.configurationHash, now < known.until { return known.names }
        let asked = await ask(row)
        // Who was not answered now may have been before.
        let names = asked ?? known?.names ?? []
        // One who left before the answer has learnt nothing about the provider.
        if asked == nil, Task.isCancelled { return names }
        let until = now + (asked == nil ? ModelLists.pause : ModelLists.life)
        entries.withLock {
            $0[row.name] = Entry(configuration: row.configurationHash, names: names, until: until)
        }
        return names
    }

    private func ask(_ row: ProviderRow) async -> [String]? {
        let secret = row.credentials.lazy.compactMap(\.secret).first
        guard let call = row.adapter.modelsCall, row.unavailable == nil,
            let brief = BriefCall(
                call,
                to: row,
                secret: secret,
                patience: ModelLists.patience,
                mostBytes: ModelLists.mostBytes
            ),
            let answer = try? await brief.answer(over: transport), answer.isGood
        else { return nil }
        return row.adapter.models(in: answer.body)
    }
}
