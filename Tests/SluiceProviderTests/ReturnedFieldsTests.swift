import SluiceProvider
import Testing

@Suite("The fields of an answer that go back")
struct ReturnedFieldsTests {
    private static func head(_ fields: [HeaderField]) -> ResponseHead { ResponseHead(status: 200, headers: fields) }

    @Test("are those that are named, in small letters, with commas between several of one name")
    func names() {
        let head = Self.head([
            HeaderField("A-One", "1"), HeaderField("b", "no"), HeaderField("a-two", "2"), HeaderField("a-ONE", "3"),
            HeaderField("a-odd", "x\r\ny: z"),
        ])
        #expect(ReturnedFields.of(head) { $0.hasPrefix("a-") } == ["a-one": "1, 3", "a-two": "2"])
    }

    @Test("are 64 at most, and 8 KiB")
    func bounds() {
        let many = (0..<100).map { HeaderField("a-\($0)", "\($0)") }
        let kept = ReturnedFields.of(Self.head(many + [HeaderField("a-1", "again")])) { _ in true }
        #expect(kept.count == 64 && kept["a-63"] == "63" && kept["a-64"] == nil && kept["a-1"] == "1, again")
        let long = [
            HeaderField("a", String(repeating: "x", count: 8 << 10)), HeaderField("b", "y"),
            HeaderField("c", String(repeating: "z", count: (8 << 10) - 3)), HeaderField("d", ""),
        ]
        #expect(Set(ReturnedFields.of(Self.head(long)) { _ in true }.keys) == ["b", "c"])
    }

    @Test("tell nothing of an account's allowances where it is shared")
    func allowances() {
        let allowances = [
            "x-ratelimit-limit-requests", "x-ratelimit-remaining-tokens", "anthropic-ratelimit-requests-reset",
            "anthropic-ratelimit-unified-status", "anthropic-ratelimit-unified-5h-utilization",
            "anthropic-priority-input-tokens-remaining", "anthropic-fast-output-tokens-limit",
            "x-codex-primary-used-percent", "x-codex-secondary-window-minutes", "x-codex-credits-balance",
            "x-codex-plan-type", "x-codex-bengalfox-primary-used-percent", "x-codex-active-limit",
            "x-codex-promo-message",
        ]
        let others = [
            "request-id", "openai-version", "openai-processing-ms", "anthropic-something-new", "x-codex-turn-state",
        ]
        let fields = Dictionary(uniqueKeysWithValues: (allowances + others).map { ($0, "1") })
        #expect(ReturnedFields.told(fields, allowances: true) == fields)
        #expect(Set(ReturnedFields.told(fields, allowances: false).keys) == Set(others))
    }
}
