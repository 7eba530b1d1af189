import GRDB

extension Configuration {
    /// Reads for callers.
    static func reader(after beginning: String? = nil) -> Configuration {
        reading("sluice", cacheKiB: 16_384, after: beginning)
    }

    /// Reads without keeping much of what it has read: it comes by once.
    static func longRead(after beginning: String? = nil) -> Configuration {
        reading("sluice-keeper", cacheKiB: 4_096, after: beginning)
    }

    /// `beginning` is run before anything else, since most of what is set needs a look into the file.
    private static func reading(_ label: String, cacheKiB: Int, after beginning: String?) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            if let beginning { try db.control(beginning) }
            try db.control("PRAGMA cache_size = -\(cacheKiB)")
            try db.control("PRAGMA mmap_size = 0")
        }
        return configuration
    }
}
