/// Under which key sums of a day stand, with the numbers of names.
struct UsageDayKey: Hashable, Sendable {
    var owner: Int64
    var token: Int64
    var provider: Int64
    var model: Int64
    var tag: Int64
    var day: Int64
}
