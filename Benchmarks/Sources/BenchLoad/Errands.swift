/// What the connections of a run are sent for.
protocol Errands {
    /// The connections are open, and the time of the run begins.
    mutating func begin(at now: UInt64)

    /// Writes the next request for a connection that is free.
    /// - Returns: False when there is no more to do.
    mutating func next(connection: Int, now: UInt64, into request: inout [UInt8]) -> Bool

    /// Takes the answer that the connection's request got.
    mutating func take(_ answer: Answer, in bytes: Span<UInt8>, connection: Int)
}

/// The same prompt again and again, until the time is over or enough are sent.
struct PostErrands: Errands {
    private let length: UInt64
    private var until = UInt64.max
    private var left: Int
    private(set) var jobs = JobList()
    private(set) var accepted = 0

    /// - Parameters:
    ///   - length: Nanoseconds of the run.
    ///   - count: Prompts at most.
    init(length: UInt64, count: Int) {
        self.length = length
        left = count
    }

    mutating func begin(at now: UInt64) { until = now + length }

    mutating func next(connection: Int, now: UInt64, into request: inout [UInt8]) -> Bool {
        guard left > 0, now < until else { return false }
        left -= 1
        return true
    }

    mutating func take(_ answer: Answer, in bytes: Span<UInt8>, connection: Int) {
        guard answer.status == 202 else { return }
        accepted += 1
        if let job = answer.job { jobs.append(bytes, job) }
    }
}

/// The same call again and again, each of which has to get the upstream's own answer.
struct CallErrands: Errands {
    private let length: UInt64
    private var until = UInt64.max
    private let body: [UInt8]
    private var left: Int
    private(set) var right = 0

    /// - Parameters:
    ///   - length: Nanoseconds of the run.
    ///   - count: Calls at most.
    ///   - body: What each has to be answered with.
    init(length: UInt64, count: Int, body: [UInt8]) {
        self.length = length
        self.body = body
        left = count
    }

    mutating func begin(at now: UInt64) { until = now + length }

    mutating func next(connection: Int, now: UInt64, into request: inout [UInt8]) -> Bool {
        guard left > 0, now < until else { return false }
        left -= 1
        return true
    }

    mutating func take(_ answer: Answer, in bytes: Span<UInt8>, connection: Int) {
        guard answer.status == 200, answer.body.count == body.count else { return }
        let start = answer.body.lowerBound
        for offset in 0..<body.count where bytes[start + offset] != body[offset] { return }
        right += 1
    }
}

/// Each job once, to see that it is there and has succeeded.
struct GetErrands: Errands {
    private let jobs: JobList
    private var nextJob = 0
    private var asked: [Int]
    private(set) var unfinished: [Int] = []
    private(set) var absent: [Int] = []

    init(jobs: JobList, connections: Int) {
        self.jobs = jobs
        asked = [Int](repeating: 0, count: connections)
    }

    mutating func begin(at now: UInt64) {}

    mutating func next(connection: Int, now: UInt64, into request: inout [UInt8]) -> Bool {
        guard nextJob < jobs.count else { return false }
        asked[connection] = nextJob
        let place = Request.jobPlace
        request.replaceSubrange(place..<place + JobList.width, with: jobs.slice(nextJob))
        nextJob += 1
        return true
    }

    mutating func take(_ answer: Answer, in bytes: Span<UInt8>, connection: Int) {
        if answer.status != 200 {
            absent.append(asked[connection])
        } else if !Self.contains(bytes, answer.body, Self.succeeded) {
            unfinished.append(asked[connection])
        }
    }

    private static let succeeded = Array("\"status\":\"succeeded\"".utf8)

    private static func contains(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count >= text.count else { return false }
        for start in range.lowerBound...(range.upperBound - text.count) where bytes[start] == text[0] {
            var offset = 1
            while offset < text.count, bytes[start + offset] == text[offset] { offset += 1 }
            if offset == text.count { return true }
        }
        return false
    }
}
