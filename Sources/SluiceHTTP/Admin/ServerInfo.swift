package import SluiceTypes

/// What the process says of itself.
package struct ServerInfo: Sendable {
    package var version: String
    package var pid: Int32
    package var boot: String
    package var startedAt: Timestamp
    /// Where callers reach it, once it listens.
    package var address: @Sendable () -> String?
    /// What it was told.
    package var settings: [SettingFact]
    package var room: ProcessRoom?

    /// By a clock that never jumps.
    private let started = ContinuousClock.now

    package init(
        version: String,
        pid: Int32,
        boot: String,
        startedAt: Timestamp,
        address: @escaping @Sendable () -> String? = { nil },
        settings: [SettingFact] = [],
        room: ProcessRoom? = nil
    ) {
        self.version = version
        self.pid = pid
        self.boot = boot
        self.startedAt = startedAt
        self.address = address
        self.settings = settings
        self.room = room
    }

    /// By how much the wall clock, which says `now`, has gone ahead of the time that has passed since the start; less than zero for behind.
    func clockJump(at now: Timestamp) -> Duration {
        now.since(startedAt) - started.duration(to: .now)
    }
}

/// A setting as the process has it.
package struct SettingFact: Sendable, Hashable {
    /// Who has said it.
    package enum Origin: String, Sendable {
        case flag
        case variable
        case preset
    }

    /// As on the command line, without the dashes.
    package var name: String
    /// In the words in which it was said; of a secret nothing but that it is set.
    package var value: String
    package var origin: Origin

    package init(_ name: String, _ value: String, _ origin: Origin) {
        self.name = name
        self.value = value
        self.origin = origin
    }
}

/// What the process may hold open.
package struct ProcessRoom: Sendable, Hashable {
    package var openFiles: Int
    package var connections: Int
    package var calls: Int
    /// A sentence where that is less than was wished for.
    package var complaint: String?

    package init(openFiles: Int, connections: Int, calls: Int, complaint: String?) {
        self.openFiles = openFiles
        self.connections = connections
        self.calls = calls
        self.complaint = complaint
    }
}
