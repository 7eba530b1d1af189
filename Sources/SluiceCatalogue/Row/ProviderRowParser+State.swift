import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ProviderRowParser {
    /// OpenAI's own host, which keeps responses for 30 days; the last of them is left out, since clocks differ.
    private static let keeper = (host: "api.openai.com", days: 29)

    /// What the row says of what its provider holds for its account.
    func readState(_ manifest: Manifest?, _ endpoint: Endpoint?) -> StatePolicy {
        let responses = RequestFormat.openAIResponses
        _ = member("keepsResponses", manifest, of: responses)
        _ = member("store", manifest, of: responses)
        let keeps = speaks(responses, manifest) && endpoint?.host == Self.keeper.host
        return StatePolicy(
            isShared: fields.boolean("sharedState"),
            keepsResponses: fields.integer(
                "keepsResponses",
                in: 0...StatePolicy.mostDays,
                default: keeps ? Self.keeper.days : 0
            ),
            receivesHistory: readReceivesHistory(manifest),
            store: fields.value("store", .boolean)?.boolean
        )
    }

    /// Only chats have earlier turns, in whatever format the row is asked for them.
    private func readReceivesHistory(_ manifest: Manifest?) -> Bool? {
        let value = fields.value("receivesHistory", .boolean)
        if let value, let manifest, !manifest.operations.keys.contains(.chat) {
            faults.add(value, "has no effect: the adapter \(manifest.id) serves no chats; take it out")
        }
        return value?.boolean
    }
}
