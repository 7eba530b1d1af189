import SluiceEngine
import SluiceTypes
import Testing

@Suite("Why a call has no answer")
struct CallFailureTests {
    @Test("is told without its caller's own token, however it is spelt, and else as it is")
    func hiding() {
        let token = "a+token/of=mine"
        let said = #"{"error":{"message":"a+token/of=mine a%2Btoken%2Fof%3Dmine YSt0b2tlbi9vZj1taW5l sk-other1234"}}"#
        let failure = CallFailure(
            .server,
            "It said \(token), sk-other1234.",
            type: token,
            code: "c-\(token)",
            parameter: token,
            fields: ["x": token],
            own: CallFailure.Own(status: 500, body: Array(said.utf8), envelope: .openAI)
        )
        let told = failure.hiding([Secret(token)])
        #expect(told.message == "It said [redacted], sk-other1234.")
        #expect([told.type, told.code, told.parameter] == ["[redacted]", "c-[redacted]", "[redacted]"])
        #expect(told.fields == ["x": "[redacted]"])
        let body = #"{"error":{"message":"[redacted] [redacted] [redacted] sk-other1234"}}"#
        #expect(told.own.map { String(decoding: $0.body, as: UTF8.self) } == body)
        #expect(told.own?.status == 500 && failure.hiding([]) == failure)
    }
}
