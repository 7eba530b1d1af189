/// What the newest answers of one model to one owner tell of the next one.
public struct AnswerHistory: Sendable {
    /// How far estimates of input were off.
    private var ratios: [Double] = []
    /// How many tokens were written.
    private var outputs: [Int64] = []
    /// Which share of these nobody saw.
    private var hidden: [Double] = []
    private var noted = 0

    /// What requests were found to have, by what was estimated: 1 until anything is known.
    public private(set) var ratio = 1.0
    /// The output that 99 of 100 answers don't exceed; nil until enough are known.
    public private(set) var usualOutput: Int64?
    /// The largest share of reasoning.
    public private(set) var reasoning = 0.0

    private static let mostRatios = 50
    private static let mostOutputs = 200
    private static let fewestOutputs = 20
    /// Between these a ratio is believed.
    private static let ratioBounds = 0.5...4.0

    /// Nothing is known.
    public init() {}

    /// Takes an answer in of which usage was told: what was estimated, and tokens read, written, and written while it thought.
    public mutating func note(estimated: Int64, input: Int64, output: Int64, reasoning: Int64) {
        guard input >= 0, output >= 0, reasoning >= 0, reasoning <= output else { return }
        if estimated > 0, input > 0 {
            AnswerHistory.put(Double(input) / Double(estimated), into: &ratios, at: noted, AnswerHistory.mostRatios)
            let mean = ratios.reduce(0, +) / Double(ratios.count)
            ratio = min(max(mean, AnswerHistory.ratioBounds.lowerBound), AnswerHistory.ratioBounds.upperBound)
        }
        AnswerHistory.put(output, into: &outputs, at: noted, AnswerHistory.mostOutputs)
        let share = output > 0 ? Double(reasoning) / Double(output) : 0
        AnswerHistory.put(share, into: &hidden, at: noted, AnswerHistory.mostRatios)
        self.reasoning = hidden.max() ?? 0
        noted += 1
        guard outputs.count >= AnswerHistory.fewestOutputs else { return }
        // The hundredth part is left out above: two of two hundred.
        var largest: [Int64] = []
        let left = outputs.count / 100 + 1
        for output in outputs {
            let place = largest.firstIndex { $0 < output } ?? largest.count
            guard place < left else { continue }
            largest.insert(output, at: place)
            if largest.count > left { largest.removeLast() }
        }
        usualOutput = largest.last
    }

    /// Puts a value in the place of the oldest.
    private static func put<Value>(_ value: Value, into values: inout [Value], at noted: Int, _ most: Int) {
        if values.count < most { values.append(value) } else { values[noted % most] = value }
    }
}
