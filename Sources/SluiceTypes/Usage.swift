/// What a call used, as its provider counted it: an open map of units.
///
/// A unit is a dotted name, and a general one includes its special ones: `input` includes `input.cacheRead`, `output`
/// includes `output.reasoning`.
public struct Usage: Hashable, Sendable {
    /// The names of the units that are counted here; others may come.
    public enum Unit {
        /// Tokens read, those from a cache included.
        public static let input = "input"
        /// Tokens read from the provider's cache.
        public static let cacheRead = "input.cacheRead"
        /// Tokens written into the provider's cache, to be kept for 5 minutes.
        public static let cacheWriteShort = "input.cacheWrite.5m"
        /// Tokens written into the provider's cache, to be kept for 30 minutes.
        public static let cacheWriteHalfHour = "input.cacheWrite.30m"
        /// Tokens written into the provider's cache, to be kept for an hour.
        public static let cacheWriteHour = "input.cacheWrite.1h"
        /// Tokens written into the provider's cache, to be kept for 12 hours.
        public static let cacheWriteHalfDay = "input.cacheWrite.12h"
        /// Tokens of sound that were read.
        public static let inputAudio = "input.audio"
        /// Tokens written, those of reasoning included.
        public static let output = "output"
        /// Tokens written while the model thought.
        public static let reasoning = "output.reasoning"
        /// Tokens of sound that were written.
        public static let outputAudio = "output.audio"
        /// Searches of the web that the provider made.
        public static let webSearches = "searches.web"
    }

    /// The longest object of a provider that is kept, in bytes.
    public static let longestRaw = 4096

    /// The counts, by unit.
    public var units: [String: Int64]
    /// The provider's own object; empty where it gave none, or one that is too long to be kept.
    public var raw: [UInt8]

    /// How the call was made, as the answer tells it: of ``termNames`` those that it names, with the provider's own words.
    public var terms: [String: String] = [:]
    /// What each part of the answer used, where its provider tells several apart; empty where it does not.
    public var parts: [UsagePart] = []

    /// What a call's price may depend on besides its counts, by the names that providers have for it in requests and answers.
    public static let termNames = ["service_tier", "speed", "processing", "inference_geo", "completion_window"]

    /// Takes counts, and the provider's object beside them.
    public init(units: [String: Int64], raw: [UInt8] = []) {
        self.units = units
        self.raw = raw.count <= Usage.longestRaw ? raw : []
    }

    /// Creates a count of tokens read and written.
    public init(promptTokens: Int64, completionTokens: Int64) {
        self.init(units: [Unit.input: promptTokens, Unit.output: completionTokens])
    }

    /// Tokens read.
    public var promptTokens: Int64 { units[Unit.input] ?? 0 }

    /// Tokens written.
    public var completionTokens: Int64 { units[Unit.output] ?? 0 }

    /// Both together.
    public var totalTokens: Int64 {
        // Providers' numbers are taken as they are: a sum beyond the range must neither trap nor turn negative.
        Int64(clamping: Int128(promptTokens) + Int128(completionTokens))
    }
}
