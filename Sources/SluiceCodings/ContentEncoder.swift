import CCodings

/// Puts a body into a ``ContentCoding``.
@safe
package enum ContentEncoder {
    /// `bytes` in gzip (RFC 1952); nil where there is no memory, or too much to be done at once.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        let room = ccodings_gzip_bound(bytes.count)
        var count = 0
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, size in
            unsafe bytes.withUnsafeBufferPointer { input in
                guard let target = buffer.baseAddress else { return }
                count = unsafe ccodings_gzip(input.baseAddress, bytes.count, target, room)
            }
            size = count
        }
        return count > 0 ? packed : nil
    }
}
