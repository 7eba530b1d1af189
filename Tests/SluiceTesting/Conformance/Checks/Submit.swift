import SluiceStore
import SluiceTypes

extension StoreConformance {
    static let submitChecks = [
        Check("a submitted job is read back exactly as it came") { subject in
            try await subject.store.checkWritable()
            let failed = try await subject.dead(.sample(at: -10))
            for (surface, format) in [(Surface.prompt, RequestFormat.prompt), (.openAI, .openAIEmbedding)] {
                var job = NewJob.sample(
                    model: "llama-3.1/70b",
                    lane: .bulk,
                    operation: .embedding,
                    onUnknown: .deadLetter
                )
                job.facts.token = TokenID(rawValue: "abcdefgh")
                job.facts.terms.surface = surface
                job.facts.terms.format = format
                job.facts.terms.entry = .call
                job.facts.route = "llama-3.1/70b\u{1F}gpt"
                job.facts.terms.session = "a conversation"
                job.facts.terms.tries = 7
                job.facts.terms.stream = true
                job.runAt = .at(60)
                job.deadlineAt = .at(3600)
                job.idempotencyKey = "key for \(format)"
                job.facts.terms.retryOf = failed
                job.facts.terms.keepsBodies = .seconds(60)
                job.input = JobInput(
                    body: [0, 255, 10, 34],
                    fields: Array(#"{"anthropic-version":"1"}"#.utf8),
                    metadata: Array(#"{"a":"b"}"#.utf8),
                    trace: .sample(isSampled: false, state: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
                )
                try await subject.queue(job)
                try await subject.expectRecord(JobRecord(queued: job)) { _ in }
                try await subject.expectAttempts(job.id, [])
            }
        },
        Check("a job without a key is new each time") { subject in
            let first = try await subject.queue(.sample())
            let second = try await subject.queue(.sample())
            try expect(first != second, "two jobs have one id")
            try expectEqual(try await subject.everyJob().count, 2, "the number of jobs")
        },
        Check("a repeated submission answers with the first job and stores nothing") { subject in
            let first = NewJob.sample(key: "k")
            try await subject.queue(first)
            let again = NewJob.sample(at: 5, key: "k")
            try expectEqual(try await subject.submit(again), .replayed(first.id), "the second submission")
            try expect(try await subject.store.job(again.id, owner: nil) == nil, "the second job was stored too")
            try await subject.expectRecord(JobRecord(queued: first)) { _ in }
        },
        Check("a key can't be used for another request") { subject in
            let first = NewJob.sample(key: "k", fingerprint: 1)
            try await subject.queue(first)
            let other = NewJob.sample(at: 5, key: "k", fingerprint: 2)
            try expectEqual(try await subject.submit(other), .keyReused, "the second submission")
            try expect(try await subject.store.job(other.id, owner: nil) == nil, "the second job was stored")
            try expectEqual(
                try await subject.submit(.sample(key: "k", fingerprint: 1)),
                .replayed(first.id),
                "the third"
            )
        },
        Check("a key belongs to one owner") { subject in
            let ada = NewJob.sample(.ada, key: "k", fingerprint: 1)
            let bob = NewJob.sample(.bob, key: "k", fingerprint: 2)
            try await subject.queue(ada)
            try await subject.queue(bob)
            try expectEqual(
                try await subject.submit(.sample(.ada, key: "k", fingerprint: 1)),
                .replayed(ada.id),
                "Ada's"
            )
            try expectEqual(
                try await subject.submit(.sample(.bob, key: "k", fingerprint: 2)),
                .replayed(bob.id),
                "Bob's"
            )
        },
        Check("what a key stands for is told without a submission") { subject in
            let first = NewJob.sample(key: "k", fingerprint: 1)
            @Sendable
            func known(
                _ owner: OwnerID = .ada,
                key: String = "k",
                fingerprint: UInt8 = 1,
                at now: Timestamp = .at(5)
            ) async throws -> Submission? {
                let fingerprint = Array(repeating: fingerprint, count: 32)
                return try await subject.store.submission(owner: owner, key: key, fingerprint: fingerprint, at: now)
            }
            try expectEqual(try await known(), nil, "a key that nobody used")
            try await subject.queue(first)
            try expectEqual(try await known(), .replayed(first.id), "the same request")
            try expectEqual(try await known(fingerprint: 2), .keyReused, "another request")
            try expectEqual(try await known(.bob), nil, "another owner's key")
            try expectEqual(try await known(key: "l"), nil, "another key")
            let end = first.createdAt.adding(subject.retention.idempotencyKeys)
            try expectEqual(
                try await known(at: end.adding(.milliseconds(-1))),
                .replayed(first.id),
                "a key at its last"
            )
            try expectEqual(try await known(at: end), nil, "a key at its end")
            try expectEqual(try await subject.everyJob().map(\.id), [first.id], "the jobs")
        },
        Check("identical submissions at once make one job") { subject in
            let answers = try await withThrowingTaskGroup(of: Submission.self) { group in
                for _ in 0..<24 { group.addTask { try await subject.submit(.sample(key: "k")) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let created = answers.compactMap { if case .created(let id) = $0 { id } else { nil } }
            try expectEqual(created.count, 1, "the number of jobs that were created")
            for answer in answers where answer != .created(created[0]) {
                try expectEqual(answer, .replayed(created[0]), "a submission that came second")
            }
            try expectEqual(try await subject.everyJob().map(\.id), created, "the jobs")
        },
        Check("submissions at once are all kept") { subject in
            let jobs = (0..<40).map { NewJob.sample(at: Double($0)) }
            try await withThrowingTaskGroup { group in
                for job in jobs { group.addTask { _ = try await subject.submit(job) } }
                try await group.waitForAll()
            }
            for job in jobs { try await subject.expectRecord(JobRecord(queued: job)) { _ in } }
        },
    ]

    static let startChecks = [
        Check("a job that starts at once is running at epoch 1 with its attempt") { subject in
            let job = NewJob.sample(onUnknown: .deadLetter, deadlineAt: .at(90), key: "k")
            let claim = try await subject.start(job)
            try expectEqual(claim.id, job.id, "the claim's id")
            try expectEqual(claim.epoch, 1, "the claim's epoch")
            try expectEqual(claim.attempt, 1, "the claim's attempt")
            try expectEqual(claim.input, job.input, "the claim's input")
            try expectEqual(claim.onUnknown, .deadLetter, "the claim's policy")
            try expectEqual(claim.deadlineAt, .at(90), "the claim's deadline")
            try await subject.expectRecord(JobRecord(queued: job)) { $0.begin(claim) }
            let start = AttemptStart.sample("alpha", at: job.createdAt)
            let attempt = AttemptRecord(epoch: 1, start: start, outcome: nil, report: nil)
            try await subject.expectAttempts(job.id, [attempt])
            try expectEqual(try await subject.store.groups(), [], "the groups")
        },
        Check("a job that starts at once is replayed and refused by its key like any other") { subject in
            let first = NewJob.sample(key: "k")
            _ = try await subject.start(first)
            guard case .replayed(first.id) = try await subject.submitRunning(.sample(key: "k")) else {
                throw ConformanceFailure("a repeated start was not replayed", #fileID, #line)
            }
            guard case .keyReused = try await subject.submitRunning(.sample(key: "k", fingerprint: 2)) else {
                throw ConformanceFailure("a key was taken twice", #fileID, #line)
            }
            try expectEqual(try await subject.submit(.sample(key: "k")), .replayed(first.id), "a queued repetition")
            try expectEqual(try await subject.everyJob().count, 1, "the number of jobs")
            try expectEqual(try await subject.attempts(first.id).count, 1, "the number of attempts")
        },
        Check("a key is handed on once its job is dead or cancelled and surely cost nothing") { subject in
            var former = try await subject.start(.sample(onUnknown: .deadLetter, key: "k"))
            guard case .replayed(former.id) = try await subject.submitRunning(.sample(at: 1, key: "k")) else {
                throw ConformanceFailure("a running job lost its key", #fileID, #line)
            }
            for number in 1...3 {
                if number == 2 {
                    _ = try await subject.cancel(former.id, owner: .ada, at: .at(2))
                    _ = await subject.release(former, at: .at(3))
                } else {
                    _ = await subject.fail(former, Failure(report: .sample(.server), counts: true, retryAt: nil))
                }
                guard case .keyReused = try await subject.submit(.sample(at: 4, key: "k", fingerprint: 2)) else {
                    throw ConformanceFailure("a key was handed on to another request", #fileID, #line)
                }
                let before = try await subject.record(former.id)
                let heir = try await subject.start(.sample(at: 5, onUnknown: .deadLetter, key: "k"))
                try await subject.expectRecord(before) { $0.supersededBy = heir.id }
                try expectEqual(try await subject.record(heir.id).retryOf, former.id, "what the heir repeats")
                try expectEqual(try await subject.submit(.sample(at: 6, key: "k")), .replayed(heir.id), "the key's job")
                former = heir
            }
        },
        Check("a job whose key was handed on stays dead") { subject in
            let former = try await subject.dead(.sample(key: "k"))
            let heir = try await subject.queue(.sample(at: 3, key: "k"))
            let answer = try await subject.redrive(former, owner: .ada, model: nil, at: .at(5))
            try expectEqual(answer, .superseded(by: heir), "the redrive")
            try expectEqual(try await subject.record(former).state, .dead, "its state")
        },
        Check("a job that starts at once is never claimed") { subject in
            _ = try await subject.start()
            let claimed = try await subject.claim(.sample(rows: ["alpha", "beta"]))
            try expect(claimed.jobs.isEmpty && claimed.nextRunAt == nil, "a running job was claimed")
        },
    ]
    /// A key stands for its job as long as the job may have been charged, however it came to that.
    static let chargedChecks = Charged.allCases.map { how in
        Check("a key whose job may have been charged stays with it: \(how.rawValue)") { subject in
            let claim = try await subject.start(.sample(onUnknown: .deadLetter, key: "k"))
            switch how {
            case .unknown: _ = await subject.fail(claim, .sample(.network, unknown: true, retryAt: nil))
            case .cancelled: _ = try await subject.cancel(claim.id, owner: .ada, at: .at(2))
            case .interrupted: _ = try await subject.rescue(boot: .second, at: .at(2), limit: 5)
            case .late:
                _ = try await subject.rescue(boot: .second, at: .at(2), limit: 5)
                _ = await subject.succeed(claim, .sample(at: .at(3)))
            }
            try expectEqual(try await subject.submit(.sample(at: 4, key: "k")), .replayed(claim.id), "the submission")
            try expectEqual(try await subject.record(claim.id).supersededBy, nil, "its heir")
        }
    }
}

/// How a job comes to an end that may have been charged.
private enum Charged: String, CaseIterable, Sendable {
    case unknown, cancelled, interrupted, late
}
