/// The ids of acknowledged jobs, 36 bytes each, in the order of their acknowledgements.
package struct JobList: Sendable {
    static let width = 36

    private var bytes: [UInt8] = []

    package init() {}

    package var count: Int { bytes.count / Self.width }

    package subscript(index: Int) -> String {
        String(decoding: slice(index), as: UTF8.self)
    }

    func slice(_ index: Int) -> ArraySlice<UInt8> {
        bytes[index * Self.width..<(index + 1) * Self.width]
    }

    mutating func append(_ buffer: Span<UInt8>, _ range: Range<Int>) {
        for index in range { bytes.append(buffer[index]) }
    }
}

extension JobList {
    /// The last `length` of them.
    package func tail(_ length: Int) -> JobList {
        var tail = JobList()
        for index in max(0, count - length)..<count { tail.add(slice(index)) }
        return tail
    }

    /// One of them alone.
    package func only(_ index: Int) -> JobList {
        var only = JobList()
        only.add(slice(index))
        return only
    }

    private mutating func add(_ id: ArraySlice<UInt8>) { bytes += id }
}
