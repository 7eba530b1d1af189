import Logging

/// What the writer knows of the room on the disk.
///
/// When there is none, the reserve is given back; what makes room may be written then, and nothing else until there is so much
/// room that the reserve can be taken again.
struct DiskRoom: Sendable {
    enum State {
        /// The reserve is set aside, or none is wanted.
        case plenty
        /// There never was room for the reserve: all is written as long as it fits.
        case little
        /// The reserve was given back.
        case scarce
    }

    private let reserve: DiskReserve
    private let logger: Logger
    private var state: State
    /// When to look again whether there is room.
    private var nextLook = ContinuousClock.now

    /// The room beside `reserve`, as a start finds it.
    init(_ reserve: DiskReserve, _ state: State, _ logger: Logger) {
        self.reserve = reserve
        self.state = state
        self.logger = logger
        if isScarce { tell() }
    }

    /// True while nothing is written but what makes room.
    var isScarce: Bool { state == .scarce }

    /// The disk is full.
    ///
    /// True when room was made for what makes room, so that it is worth another try.
    mutating func noteFull() -> Bool {
        guard state == .plenty, reserve.isHeld else { return false }
        reserve.giveBack()
        state = .scarce
        nextLook = .now + DiskRoom.pause
        tell()
        return true
    }

    /// True once a second while the reserve is missing.
    var isDue: Bool { state != .plenty && .now >= nextLook }

    /// Takes the reserve where there is room for it.
    mutating func look() {
        nextLook = .now + DiskRoom.pause
        guard reserve.take() else { return }
        state = .plenty
        logger.notice("there is room on the disk again", metadata: ["reserve": "\(reserve.size)"])
    }

    private static let pause = Duration.seconds(1)

    private func tell() {
        logger.error(
            "the disk is full: what was set aside is given back for deletions and purges, and nothing new is taken until a quarter more than that is free; make room, nothing else is needed",
            metadata: ["reserve": "\(reserve.size)"]
        )
    }
}
