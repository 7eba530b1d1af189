/// A part of a list of models.
struct ModelPage {
    let names: [String]
    /// Whether more come on the side to which the list was read.
    let hasMore: Bool

    /// At most `limit` of `all`: those behind `after`, or the last before `before`; a name that is not in the list bounds nothing.
    init(_ all: [String], after: String?, before: String?, limit: Int) {
        if let before, after == nil, let end = all.firstIndex(of: before) {
            names = Array(all[..<end].suffix(limit))
            hasMore = end > limit
            return
        }
        let rest = after.flatMap { all.firstIndex(of: $0) }.map { all[($0 + 1)...] } ?? all[...]
        names = Array(rest.prefix(limit))
        hasMore = rest.count > limit
    }
}
