import CCodings

/// Undoes one ``ContentCoding`` as the bytes come.
@safe
package final class ContentDecoder {
    /// Why a body can't be decoded.
    package enum Fault: Error, Sendable, Hashable {
        /// It is not of its coding.
        case broken
        /// It has more bytes than are taken.
        case tooLarge
        /// It ended before its coding's end.
        case cutShort
        /// Something follows the coding's end.
        case goesOn
        /// There is no memory.
        case noMemory
    }

    private let decoder: UnsafeMutablePointer<ccodings_decoder>
    private let limit: Int
    private var count = 0
    private var hasEnded = false
    /// So much is decoded at a time.
    private static let pieceSize = 64 << 10

    /// Decodes at most `limit` bytes.
    ///
    /// - Throws: ``Fault/noMemory``.
    package init(_ coding: ContentCoding, limit: Int) throws(Fault) {
        let number =
            switch coding {
            case .gzip: CCODINGS_GZIP
            case .deflate: CCODINGS_DEFLATE
            case .zstd: CCODINGS_ZSTD
            }
        guard let decoder = unsafe ccodings_open(CInt(number)) else { throw .noMemory }
        unsafe self.decoder = decoder
        self.limit = limit
    }

    deinit {
        unsafe ccodings_close(decoder)
    }

    /// Decodes more; what comes of it is added to `output`.
    ///
    /// - Throws: ``Fault``; the decoder is of no use afterwards.
    package func feed(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) throws(Fault) {
        let bytes = Array(bytes)
        var (place, isFull) = (0, false)
        while place < bytes.count || isFull {
            guard !hasEnded else { throw .goesOn }
            let taken: Int
            (taken, isFull) = try decode(bytes, from: place, to: &output)
            place += taken
            if hasEnded { isFull = false }
        }
    }

    /// Nothing more comes.
    ///
    /// - Throws: ``Fault/cutShort`` where more had to.
    package func finish() throws(Fault) {
        guard hasEnded else { throw .cutShort }
    }

    /// Decodes a piece; returns how much of `bytes` it has taken, and whether more may come of that.
    private func decode(
        _ bytes: [UInt8],
        from place: Int,
        to output: inout [UInt8]
    ) throws(Fault) -> (taken: Int, isFull: Bool) {
        // One more than may come, so that too much is seen.
        let room = min(ContentDecoder.pieceSize, limit - count + 1)
        var (taken, given) = (0, 0)
        var status = CInt(0)
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, size in
            unsafe bytes.withUnsafeBufferPointer { input in
                guard let start = input.baseAddress, let target = buffer.baseAddress else { return }
                let rest = bytes.count - place
                status = unsafe ccodings_decode(decoder, start + place, rest, &taken, target, room, &given)
            }
            size = given
        }
        guard status >= 0, taken > 0 || given > 0 || place == bytes.count else { throw .broken }
        count += given
        guard count <= limit else { throw .tooLarge }
        output += piece
        if status == CInt(CCODINGS_END) { hasEnded = true }
        return (taken, given == room)
    }
}
