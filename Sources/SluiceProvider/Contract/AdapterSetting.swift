/// One number that a row may set.
public struct AdapterSetting: Sendable, Hashable {
    /// One line for people.
    public var description: String
    /// What it may be.
    public var range: ClosedRange<Int>
    /// What it is where a row does not say.
    public var standard: Int

    /// Creates a setting.
    public init(description: String, range: ClosedRange<Int>, standard: Int) {
        self.description = description
        self.range = range
        self.standard = standard
    }
}
