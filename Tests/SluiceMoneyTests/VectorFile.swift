import SluiceJSON
import SluiceMoney
import SluiceTypes
import Testing

import struct Foundation.Data
import struct Foundation.URL

/// The vectors that scripts/prices.py has written, and the table they were written for.
struct VectorFile {
    let table: PriceTable
    let head: JSONValue
    /// One a model.
    let models: [JSONValue]
    /// What is found in other providers' lists.
    let borrowed: [JSONValue]
    private let usages: [String: [String: Int64]]
    private let now: Timestamp

    /// Read once: that takes a while in a debug build.
    static let shared = Result { try VectorFile() }

    private init() throws {
        table = try PriceTable.embedded()
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/vectors.jsonl")
        var lines = try Data(contentsOf: path).split(separator: UInt8(ascii: "\n")).map {
            try Document(indexing: Array($0)).root
        }
        head = lines.removeFirst()
        borrowed = try #require(lines.popLast()?[key: "borrowed"]).elements
        models = lines
        now = try #require(Timestamp(rfc3339: head[key: "now"]?.string ?? ""))
        let all = try #require(head[key: "usages"]).members.map { name, units in
            (name, [String: Int64](uniqueKeysWithValues: units.members.map { ($0.key, $0.value.integer ?? -1) }))
        }
        usages = [String: [String: Int64]](uniqueKeysWithValues: all)
    }

    /// Asks for the price of a case: its usage, moment, terms and what is expected, from `elements[start...]` on.
    ///
    /// Nil where it is as expected, else what it is.
    func difference(_ elements: [JSONValue], from start: Int, model: String, list: String) throws -> String? {
        let words = try elements[start..<start + 3].map { try #require($0.string) }
        let moment = words[1].isEmpty ? now : try #require(Timestamp(rfc3339: words[1]))
        let question = PriceQuestion(
            asked: model,
            at: moment,
            terms: CallTerms(answer: pairs(words[2])),
            entries: [UsageEntry(units: try units(words[0]))]
        )
        let answer = Pricer.price(question, from: PriceSources(tables: [table], list: list))
        let expected = elements[start + 3]
        let text =
            switch answer.reason {
            case nil: "\(answer.cost?.nanoUSD ?? -1)"
            case .unit(let name): "unit \(name) \(answer.low.nanoUSD)"
            case .some(let reason): "\(reason)"
            }
        guard text != expected.string ?? "\(expected.integer ?? -2)" else { return nil }
        return "\(list) \(model) \(words): \(text), not \(String(decoding: expected.bytes, as: UTF8.self))"
    }

    private func units(_ text: String) throws -> [String: Int64] {
        if let usage = usages[text] { return usage }
        return try pairs(text).mapValues { try #require(Int64($0)) }
    }

    private func pairs(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for pair in text.split(separator: " ") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            result[String(parts[0])] = String(parts[1])
        }
        return result
    }
}
