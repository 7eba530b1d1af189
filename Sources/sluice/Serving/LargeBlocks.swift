import CMalloc

/// How the process gives large blocks of memory back.
enum LargeBlocks {
    /// From how many bytes on a block is the system's, so that it is given back as soon as it is free.
    private static let least: Int32 = 256 << 10

    /// Has each large block given back by itself.
    ///
    /// glibc raises its own mark, 128 KiB, to the size of whatever large block was freed, up to 32 MiB: bodies of that size lie among
    /// small blocks from then on and are kept. A hundred answers of 7 MiB took half as much again (mallopt(3), `M_MMAP_THRESHOLD`).
    static func giveBack() {
        mallopt(M_MMAP_THRESHOLD, least)
    }
}
