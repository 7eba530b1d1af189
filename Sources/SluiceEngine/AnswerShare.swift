/// What one plain answer has of the ``HeldMemory``, from its first byte until nobody needs it any more.
struct AnswerShare: Sendable {
    /// Up to here an answer never waits for room, in bytes.
    static let small = 64 << 10
    /// How often an answer's bytes lie in memory at most: as they came, as text, in the log, and in the store's hands.
    static let copies = 4

    private let memory: HeldMemory
    /// How many bytes of the answer are set aside.
    private var length = 0
    /// Its number among the large ones; nil while it is small.
    private var number: UInt64?

    init(of memory: HeldMemory) {
        self.memory = memory
    }

    /// Sets `bytes` more of the answer aside; false where a large one has to wait.
    mutating func take(_ bytes: Int) -> Bool {
        if length + bytes <= AnswerShare.small {
            memory.add(bytes * AnswerShare.copies)
        } else {
            let number = number ?? memory.enter()
            self.number = number
            guard memory.take(bytes * AnswerShare.copies, for: number) else { return false }
        }
        length += bytes
        return true
    }

    /// Calls `again` when it is worth asking anew.
    func wait(_ again: @escaping @Sendable () -> Void) {
        guard let number else { return again() }
        memory.wait(number, again)
    }

    /// Gives all back.
    mutating func leave() {
        if let number {
            memory.leave(number, length * AnswerShare.copies)
        } else {
            memory.giveBack(length * AnswerShare.copies)
        }
        (length, number) = (0, nil)
    }
}
