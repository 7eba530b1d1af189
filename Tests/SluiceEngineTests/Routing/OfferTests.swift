import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

struct OfferTests {
    private func engine(_ rows: [ProviderRow]) -> Engine {
        Rig(rows: rows) { _, _ in Rig.answer }.engine
    }

    @Test func namesWhatIsServedAndANearMiss() {
        let engine = engine([Rig.row(models: ["gpt-4o-mini", "o1*"])])
        #expect(engine.offer(.chat, in: .prompt, model: "o1-preview") == .served)
        #expect(
            engine.offer(.chat, in: .prompt, model: "gpt-4o-mimi")
                == .unknownModel(allowed: ["gpt-4o-mini", "o1*"], nearest: "gpt-4o-mini")
        )
        #expect(engine.offer(.completion, in: .prompt, model: "o1") == .unknownOperation(served: [.chat]))
    }

    @Test func whatNamesStateIsServedByRowsWhoseAccountHasOneOwner() {
        let shared = Rig.row("b", models: ["m"], statePolicy: StatePolicy(isShared: true))
        let offer = { (rows: [ProviderRow], model: String) in
            engine(rows).offer(.chat, in: .openAIChat, model: model, isBound: true)
        }
        #expect(offer([Rig.row("a"), shared], "m") == .served)
        #expect(offer([Rig.row("a")], "m") == .unshared)
        #expect(offer([Rig.row("a", unavailable: "no key")], "m") == .unshared)
        #expect(offer([Rig.row("a")], "x") == .unknownModel(allowed: ["m"], nearest: nil))
    }

    @Test func oneRowServesSeveralTypesAndNoOther() {
        let engine = engine([Rig.row(operations: [.chat, .embedding], models: ["gpt-4o-mini", "text-*"])])
        for operation in [SluiceTypes.Operation.chat, .embedding] {
            #expect(engine.offer(operation, in: .prompt, model: "text-1") == .served)
            #expect(engine.offer(operation, in: .prompt, model: "gpt-4o-mini") == .served)
            #expect(
                engine.offer(operation, in: .prompt, model: "o1")
                    == .unknownModel(allowed: ["gpt-4o-mini", "text-*"], nearest: nil)
            )
        }
        #expect(
            engine.offer(.completion, in: .prompt, model: "text-1") == .unknownOperation(served: [.chat, .embedding])
        )
    }

    @Test func namesTheFormatsOfRowsThatTakeNoOther() {
        let engine = engine([
            Rig.row("a", formats: [.openAIChat], models: ["gpt"]),
            Rig.row("b", formats: [.anthropicMessages], models: ["claude"]),
        ])
        #expect(
            engine.offer(.chat, in: .openAIChat, model: "claude")
                == .otherFormat(served: [.prompt, .anthropicMessages])
        )
        #expect(
            engine.offer(.chat, in: .anthropicMessages, model: "gpt") == .otherFormat(served: [.prompt, .openAIChat])
        )
        #expect(engine.offer(.chat, in: .anthropicMessages, model: "claude") == .served)
        #expect(
            engine.offer(.chat, in: .openAIChat, model: "gtp") == .unknownModel(allowed: ["gpt"], nearest: "gpt")
        )
    }

    @Test func namesTheRowThatLacksItsKey() {
        let lacking = Rig.row("a", unavailable: "KEY is not set")
        #expect(engine([lacking]).offer(.chat, in: .prompt, model: "m") == .unavailable(row: "a"))
        #expect(engine([lacking, Rig.row("b")]).offer(.chat, in: .prompt, model: "m") == .served)
    }

    @Test func theClosestNameWins() async throws {
        let rows = [
            Rig.row("any", models: ["*"]), Rig.row("long", models: ["gpt-*"]), Rig.row("exact", models: ["gpt-x"]),
        ]
        let rig = Rig(rows: rows) { _, _ in Rig.answer }
        try await rig.run { rig in
            let expected = ["gpt-x": "exact", "gpt-y": "long", "m": "any"]
            for (model, row) in expected {
                let job = try await rig.ended(rig.submit(model: model))
                #expect(job.lastAttempt?.start.row == row)
            }
        }
    }
}
