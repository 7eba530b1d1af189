import SluiceTypes

extension DurationArgument {
    /// The moment that lies this long ago, as the admin API wants it.
    var ago: String { Timestamp.now().adding(.seconds(-seconds)).description }
}
