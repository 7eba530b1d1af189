/// What a store takes of its disk.
package struct DiskUse: Sendable, Hashable {
    /// Bytes of its files.
    package var used: Int64
    /// Bytes that are free for it.
    package var free: Int64

    package init(used: Int64, free: Int64) {
        self.used = used
        self.free = free
    }
}
