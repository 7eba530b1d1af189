import SluiceJSON
import Testing

/// `Document` against jansson alone: neither may take what the other refuses, nor read it otherwise.
@Suite struct DifferentialTests {
    private static let seeds: [UInt64] = [1, 2, 3, UInt64.random(in: 4...UInt64.max)]

    @Test(arguments: seeds)
    func `reads texts as jansson does`(seed: UInt64) throws {
        var generator = JSONGenerator(seed: seed)
        for round in 0..<1500 {
            let text = generator.text()
            let error = refusal(of: text)
            #expect(error == nil, "seed \(seed), round \(round): \(String(decoding: text, as: UTF8.self))")
            guard error == nil else { continue }
            let isSame = Oracle.agrees(with: try Document(text))
            #expect(isSame == true, "seed \(seed), round \(round): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test(arguments: seeds)
    func `accepts the spoiled texts that jansson accepts, and no others`(seed: UInt64) {
        var generator = JSONGenerator(seed: seed, allowsDuplicates: true)
        for round in 0..<6000 {
            let text = generator.text()
            expectSameVerdict(text, "seed \(seed), round \(round)")
            expectSameVerdict(generator.spoiled(text), "seed \(seed), round \(round), spoiled")
        }
    }

    @Test(arguments: seeds)
    func `takes without jansson nothing but names that occur twice and numbers beyond a double`(seed: UInt64) {
        var generator = JSONGenerator(seed: seed, allowsDuplicates: true)
        var lax = 0
        for round in 0..<6000 {
            let text = generator.text()
            for text in [text, generator.spoiled(text), generator.noise()] {
                guard (try? Document(indexing: text)) != nil, let error = refusal(of: text) else { continue }
                lax += 1
                let isKnown = error.code == .duplicateKey || error.code == .numberOutOfRange
                #expect(isKnown, "seed \(seed), round \(round): \(error): \(text)")
            }
        }
        #expect(lax > 0)
    }

    @Test(arguments: seeds)
    func `judges noise as jansson does`(seed: UInt64) {
        var generator = JSONGenerator(seed: seed)
        for round in 0..<6000 { expectSameVerdict(generator.noise(), "seed \(seed), round \(round)") }
    }

    @Test(arguments: seeds)
    func `gives the place of a fault within the text`(seed: UInt64) {
        var generator = JSONGenerator(seed: seed)
        for _ in 0..<3000 {
            let text = generator.spoiled(generator.text())
            guard let error = refusal(of: text) else { continue }
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            guard let position = error.position else {
                #expect(error.code == .empty, "seed \(seed): \(text)")
                continue
            }
            #expect((1...lines.count).contains(position.line), "seed \(seed): \(text)")
            #expect((1...lines[position.line - 1].count + 1).contains(position.column), "seed \(seed): \(text)")
        }
    }

    private func expectSameVerdict(_ text: [UInt8], _ comment: String) {
        let error = refusal(of: text)
        // jansson skips a NUL byte after a number or a word; RFC 8259 has no place for one.
        let accepts = Oracle.accepts(text) && !text.contains(0)
        #expect((error == nil) == accepts, "\(comment): \(text)")
    }
}
