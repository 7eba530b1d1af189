import SluiceTypes
import Testing

@Suite struct ModelPatternTests {
    private static let fitting: [(String, String)] = [
        ("gpt-4o", "gpt-4o"), ("", ""), ("*", ""), ("*", "anything at all"), ("**", ""), ("**", "x"), ("gpt-*", "gpt-"),
        ("gpt-*", "gpt-4o-mini"), ("*-mini", "gpt-4o-mini"), ("*-mini", "-mini"), ("gpt-*-mini", "gpt-4o-mini"),
        ("gpt-*-mini", "gpt--mini"), ("a*b*c", "abc"), ("a*b*c", "a1b2c"), ("a*b*c", "abbc"), ("a*b*c", "abcbc"),
        ("a*b*c", "abcc"), ("*a*", "a"), ("*a*", "bab"), ("*ab*ab*", "abab"), ("*ab*ab*", "xabxabx"), ("a**b", "ab"),
        ("a**b", "axb"), ("a*a", "aa"), ("a*a", "aba"), ("*aab", "aaab"), ("*aab*", "aaaab"), ("a*bcd*d", "abcdd"),
        ("ab*ba", "abba"), ("modèle-*", "modèle-1"), ("?", "?"), ("[a]", "[a]"), ("a.c", "a.c"), ("*", "*"),
        ("a*", "a*"),
    ]

    @Test(arguments: fitting)
    func `fits`(pattern: String, model: String) {
        #expect(ModelPattern(pattern).matches(model))
    }

    private static let unfitting: [(String, String)] = [
        ("gpt-4o", "gpt-4o-mini"), ("gpt-4o", "GPT-4o"), ("gpt-4o", "gpt-4"), ("gpt-4o", ""), ("", "x"),
        ("gpt-*", "gpt"),
        ("gpt-*", "xgpt-4"), ("gpt-*", "Gpt-4"), ("*-mini", "gpt-4o-mini-2"), ("gpt-*-mini", "gpt-mini"), ("a*a", "a"),
        ("ab*ba", "aba"), ("a*b*c", "acb"), ("a*b*c", "ac"), ("a*b*c", "abcd"), ("*ab*ab*", "ab"), ("*ab*ab*", "aba"),
        ("a*bcd*d", "abcd"), ("*abc*bc", "abc"), ("?", "x"), ("a.c", "abc"), ("caf\u{e9}", "cafe\u{301}"),
        ("caf\u{e9}*", "cafe\u{301}1"),
    ]

    @Test(arguments: unfitting)
    func `does not fit`(pattern: String, model: String) {
        #expect(!ModelPattern(pattern).matches(model))
    }

    private static let closeness: [(String, Bool, Int)] = [
        ("gpt-4o", true, 6), ("gpt-*", false, 4), ("*", false, 0), ("a*b*c", false, 3), ("", true, 0),
    ]

    @Test(arguments: closeness)
    func `tells how close it is`(pattern: String, isExact: Bool, literalLength: Int) {
        #expect(ModelPattern(pattern).isExact == isExact)
        #expect(ModelPattern(pattern).literalLength == literalLength)
        #expect(ModelPattern(pattern).description == pattern)
    }

    @Test func `agrees with a search by every split`() {
        let seed: UInt64 = 20_261_124
        var random = SeededNumbers(seed: seed)
        for round in 0..<20_000 {
            let pattern = Self.text(of: "ab*", using: &random)
            let model = Self.text(of: "ab", using: &random)
            #expect(
                ModelPattern(pattern).matches(model) == Self.fits(pattern[...], model[...]),
                "seed \(seed), round \(round): \(pattern) and \(model)"
            )
        }
    }

    private static func text(of letters: String, using random: inout SeededNumbers) -> String {
        String((0..<Int.random(in: 0...7, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }

    private static func fits(_ pattern: Substring, _ model: Substring) -> Bool {
        guard let first = pattern.first else { return model.isEmpty }
        guard first == "*" else { return model.first == first && fits(pattern.dropFirst(), model.dropFirst()) }
        return fits(pattern.dropFirst(), model) || !model.isEmpty && fits(pattern, model.dropFirst())
    }
}
