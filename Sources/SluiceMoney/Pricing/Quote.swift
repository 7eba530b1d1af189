public import SluiceTypes

/// What calls of one model cost that nobody has made yet, or whose usage nobody has told: by tokens read and written alone.
public struct Quote: Hashable, Sendable {
    private let input: Price
    /// Nil where nothing is written.
    private let output: Price?
    /// The dearest in which a token may be counted that is read, such as being written into a cache.
    private let dearestInput: [Price]
    private let dearestOutput: [Price]
    private let search: Price?
    private let request: Price?
    private let multiplier: Multiplier
    /// The most tokens that an answer has of which the request names no limit.
    public let outputLimit: Int64

    /// How many tokens an answer has at most where neither request nor table says.
    public static let usualLimit: Int64 = 131_072

    /// Looks the prices up.
    ///
    /// - Parameters:
    ///   - question: what is to be called, with no entries.
    ///   - writes: false for an operation whose answers have no tokens.
    ///   - sources: where prices are looked for.
    /// - Throws: ``UnpricedReason`` where the model, the moment, a term, or tokens as such have no price.
    public init(
        _ question: PriceQuestion,
        writes: Bool = true,
        from sources: PriceSources
    ) throws(UnpricedReason) {
        var names = [question.asked]
        if let answered = question.answered, answered != question.asked { names.insert(answered, at: 0) }
        let model = try sources.find(names, at: question.moment).found
        let prices = try model.model.prices(
            at: question.moment,
            terms: question.terms,
            isBorrowed: model.isBorrowed
        ).prices.byUnit
        guard let input = prices["input"] else { throw .unit("input") }
        let output = prices["output"]
        if writes, output == nil { throw .unit("output") }
        self.input = input
        self.output = output
        dearestInput = Quote.ofText("input", prices)
        dearestOutput = Quote.ofText("output", prices)
        search = prices["searches.web"]
        request = prices[UnitCost.requests]
        multiplier = question.multiplier
        // What is read counts towards the window, so that nothing longer can be written either.
        outputLimit = model.model.outputLimit ?? model.model.contextWindow ?? Quote.usualLimit
    }

    /// The dearest model of some lists, by what it takes for tokens that are written; nil where none has a price.
    ///
    /// What costs more than a thousand dollars a million is no model of text, but a mistake or a thing of its own.
    public init?(dearestOf lists: [PriceList], at moment: Timestamp) {
        var dearest: (input: Price, output: Price)?
        for model in lists.flatMap(\.models) {
            guard let prices = try? model.prices(at: moment, terms: CallTerms(), isBorrowed: true).prices.byUnit,
                let input = prices["input"], let output = prices["output"], output.base <= 1_000_000_000,
                output.base > dearest?.output.base ?? 0
            else { continue }
            dearest = (input, output)
        }
        guard let dearest else { return nil }
        (input, output) = (dearest.input, dearest.output)
        (dearestInput, dearestOutput) = ([dearest.input], [dearest.output])
        (search, request) = (nil, nil)
        multiplier = .one
        outputLimit = Quote.usualLimit
    }

    /// The prices within a family that tokens of text may have.
    private static func ofText(_ family: String, _ prices: [String: Price]) -> [Price] {
        prices.filter { name, _ in
            UnitName.isWithin(name, family) && !["image", "audio", "video"].contains { name.contains($0) }
        }.map(\.value)
    }

    /// The cost of so many tokens, all of them at the plain price.
    public func cost(input: Int64, output: Int64) -> Money {
        let read = Int128(input) * Int128(self.input.value(at: input))
        let written = Int128(output) * Int128(self.output?.value(at: input) ?? 0)
        return money(read + written + Int128(request?.value(at: input) ?? 0))
    }

    /// The cost of so many tokens at the dearest prices that a request of that length can reach, and of so many searches.
    public func mostCost(input: Int64, output: Int64, searches: Int64) -> Money {
        let read = Int128(input) * Int128(Quote.dearest(dearestInput, upTo: input))
        let written = Int128(output) * Int128(Quote.dearest(dearestOutput, upTo: input))
        let searched = Int128(searches) * Int128(search?.value(at: input) ?? 0)
        return money(read + written + searched + Int128(request?.value(at: input) ?? 0))
    }

    private static func dearest(_ prices: [Price], upTo input: Int64) -> Int64 {
        prices.reduce(0) { dearest, price in
            price.tiers.reduce(max(dearest, price.base)) { $1.start < input ? max($0, $1.price) : $0 }
        }
    }

    private func money(_ pico: Int128) -> Money {
        // Counts are within 10⁸, of answers and searches a thousand times as many: far from the bounds of 128 bits.
        let nano = (pico * Int128(multiplier.tenThousandths)).dividedHalfEven(by: 10_000_000)
        return Money(nanoUSD: Int64(clamping: nano))
    }
}
