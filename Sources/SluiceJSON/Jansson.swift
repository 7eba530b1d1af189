import CJansson

/// The judge of what is JSON.
///
/// jansson's tree is let go as soon as it has been built: it takes up to 77 times the text, a document may live as long
/// as its job, and its members would have to be borrowed from C by every reader. Readers decode from the text instead,
/// which jansson has accepted, and so nothing of C outlives this call or is shared between threads.
enum Jansson {
    /// Seeds jansson's hash tables from the system's random numbers, once, before two threads could do it at once.
    private static let seeded: Void = json_object_seed(0)

    /// Tells whether jansson accepts `text`: one value of any kind, no member named twice, `\u0000` allowed in strings.
    ///
    /// With `hasBigInteger` it reads integers as doubles; otherwise it refuses those beyond 64 bits.
    static func accepts(_ text: [UInt8], hasBigInteger: Bool) -> Bool {
        seeded
        let standing = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY
        let flags = Int(hasBigInteger ? standing | JSON_DECODE_INT_AS_REAL : standing)
        // No error struct: its text quotes the input.
        let tree = unsafe text.withUnsafeBytes { bytes in
            unsafe json_loadb(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, flags, nil)
        }
        guard let tree = unsafe tree else { return false }
        unsafe json_decref(tree)
        return true
    }
}
