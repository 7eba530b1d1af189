import SluiceJSON
import Testing

@Suite struct LimitsTests {
    @Test func `64 levels are accepted and the 65th is refused where it opens`() {
        #expect(refusal(of: nested(64)) == nil)
        let error = refusal(of: nested(65))
        #expect(error?.code == .tooDeep)
        #expect(error?.position == Position(line: 1, column: 65))
    }

    @Test func `objects count as levels, and a level ends with its bracket`() {
        let objects = String(repeating: #"{"a":"#, count: 64) + "1" + String(repeating: "}", count: 64)
        #expect(refusal(of: objects) == nil)
        #expect(refusal(of: "[" + objects + "]")?.code == .tooDeep)
        let flat = "[" + Array(repeating: nested(63), count: 10).joined(separator: ",") + "]"
        #expect(refusal(of: flat) == nil)
    }

    @Test(arguments: [100, 100_000, 1_000_000])
    func `any depth is refused at the same place`(depth: Int) {
        for text in [nested(depth), String(repeating: "[", count: depth), String(repeating: #"{"a":"#, count: depth)] {
            #expect(refusal(of: text)?.code == .tooDeep)
        }
        #expect(refusal(of: nested(depth))?.position == Position(line: 1, column: 65))
    }

    @Test func `a raised limit ends where jansson's own begins`() {
        let limits = JSONLimits(depth: .max, scalars: .max, containers: .max)
        #expect(refusal(of: nested(2047), limits: limits) == nil)
        #expect(
            refusal(of: String(repeating: "[", count: 2047) + "1" + String(repeating: "]", count: 2047), limits: limits)
                == nil
        )
        #expect(refusal(of: nested(2048), limits: limits)?.code == .tooDeep)
    }

    @Test func `1,000,000 scalars are accepted and one more is refused where it starts`() {
        #expect(refusal(of: array(of: "1", count: 1_000_000)) == nil)
        let error = refusal(of: array(of: "1", count: 1_000_001))
        #expect(error?.code == .tooManyValues)
        #expect(error?.position == Position(line: 1, column: 2 * 1_000_001))
    }

    @Test func `100,000 arrays and objects are accepted and one more is refused where it starts`() {
        #expect(refusal(of: array(of: "{}", count: 99_999)) == nil)
        let error = refusal(of: array(of: "[]", count: 100_000))
        #expect(error?.code == .tooManyValues)
        #expect(error?.position == Position(line: 1, column: 3 * 100_000 - 1))
    }

    @Test func `arrays and objects are counted apart from scalars, keys are not counted`() {
        #expect(refusal(of: "[{},[1]]", limits: JSONLimits(scalars: 1, containers: 3)) == nil)
        #expect(refusal(of: "[{},[]]", limits: JSONLimits(containers: 2))?.position == Position(line: 1, column: 5))
        #expect(refusal(of: #"{"a":1,"b":2}"#, limits: JSONLimits(scalars: 2, containers: 1)) == nil)
        #expect(
            refusal(of: #"{"a":1,"b":2}"#, limits: JSONLimits(scalars: 1))?.position == Position(line: 1, column: 12)
        )
        #expect(refusal(of: "1", limits: JSONLimits(scalars: 0))?.code == .tooManyValues)
        #expect(refusal(of: "1", limits: JSONLimits(depth: 0)) == nil)
        #expect(refusal(of: "[]", limits: JSONLimits(depth: 0))?.code == .tooDeep)
    }

    @Test func `a megabyte of empty objects is refused`() {
        #expect(refusal(of: array(of: "{}", count: 349_525))?.code == .tooManyValues)
    }

    @Test func `a fault beyond a limit is not reported before it`() {
        #expect(refusal(of: "[1,2,]", limits: JSONLimits(scalars: 1))?.code == .tooManyValues)
        #expect(refusal(of: "[[x", limits: JSONLimits(depth: 1))?.code == .tooDeep)
        #expect(refusal(of: "[x[", limits: JSONLimits(depth: 1))?.code == .syntax)
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    private func array(of element: String, count: Int) -> String {
        "[" + repeatElement(element, count: count).joined(separator: ",") + "]"
    }
}
