import Testing

/// The chaos proves nothing unless its judge tells what is wrong: histories that were made up, each with one thing in it that must
/// not be, beside the same without it.
@Suite struct ChaosVerdictTests {
    private static let weather: [ChaosRow: ChaosWeather] = {
        let bad = ChaosWeather([.init(from: .seconds(10), mood: .failing(500)), .init(from: .seconds(40), mood: .well)])
        return [.alpha: bad, .beta: bad, .gamma: bad, .calm: ChaosWeather([])]
    }()

    /// A number of one of the innocent, and one of the poisoner's.
    private static let innocent = 4_000_001
    private static let poisoners = 3_000_001

    private static func call(
        _ outcome: ChaosCall.Outcome,
        at seconds: Double = 12,
        by prompt: Int = innocent,
        of row: ChaosRow = .beta
    ) -> ChaosCall {
        ChaosCall(prompt: prompt, row: row, at: .seconds(seconds), until: .seconds(seconds), outcome: outcome)
    }

    private static func prompt(
        _ change: @escaping @Sendable (inout ChaosPrompt) -> Void
    ) -> @Sendable (Int) -> ChaosPrompt {
        { number in
            var prompt = ChaosPrompt(number: number)
            prompt.model = .alone
            change(&prompt)
            return prompt
        }
    }

    private static func judge(_ history: ChaosHistory) -> [ChaosVerdict.Kind] {
        ChaosVerdict(history).faults.map(\.kind)
    }

    /// A job of the queue that ended so.
    private static func judge(
        _ end: ChaosEnd?,
        _ calls: [ChaosCall],
        number: Int = innocent,
        attempts: [ChaosJob.Attempt] = [],
        weather: [ChaosRow: ChaosWeather] = weather,
        _ change: @escaping @Sendable (inout ChaosPrompt) -> Void = { _ in }
    ) -> [ChaosVerdict.Kind] {
        let job = ChaosJob(id: "a", prompt: number, takenAt: .seconds(9), end: end, attempts: attempts)
        return judge(ChaosHistory(weather: weather, calls: calls, jobs: [job], prompt: prompt(change)))
    }

    private static func dead(_ errorClass: String = "server", charged: Bool = false) -> ChaosEnd {
        ChaosEnd(status: "dead", errorClass: errorClass, possiblyCharged: charged)
    }

    private static func succeeded(_ number: Int = innocent, charged: Bool = false) -> ChaosEnd {
        ChaosEnd(status: "succeeded", response: ChaosPrompt(number: number).answer, possiblyCharged: charged)
    }

    // MARK: Found, and ended

    @Test func anHonestRunIsNotReported() {
        #expect(Self.judge(Self.succeeded(), [Self.call(.answered)]).isEmpty)
        #expect(Self.judge(Self.succeeded(), [Self.call(.failed(500)), Self.call(.answered, at: 50)]).isEmpty)
    }

    @Test func aLostJobIsReported() {
        #expect(Self.judge(nil, []) == [.lost])
        #expect(Self.judge(ChaosEnd(status: "queued"), []) == [.lost])
        #expect(Self.judge(ChaosEnd(status: "cancelled"), []) == [.lost])
    }

    @Test func anAnswerThatNobodyGaveIsReported() {
        #expect(Self.judge(Self.succeeded(), []) == [.wrong])
        #expect(Self.judge(ChaosEnd(status: "succeeded", response: "Yes"), [Self.call(.answered)]) == [.wrong])
    }

    @Test func aChargeThatNothingTellsOfIsReported() {
        let calls = [Self.call(.cut(begun: false)), Self.call(.answered, at: 50)]
        #expect(Self.judge(Self.succeeded(charged: true), calls).isEmpty)
        #expect(Self.judge(Self.succeeded(), calls) == [.wrong])
    }

    // MARK: Paid

    @Test(
        arguments: [
            ([.cut(begun: false), .answered], .once, true),
            ([.cut(begun: false), .failed(500), .answered], .once, true),
            ([.cut(begun: false), .cut(begun: false), .answered], .once, false),
            ([.cut(begun: false), .answered], .deadLetter, false),
            ([.failed(500), .refused(429), .answered], .deadLetter, true), ([.answered, .answered], .once, false),
            ([.answered, .refused(429)], .retry, false),
        ] as [([ChaosCall.Outcome], ChaosPrompt.OnUnknown, Bool)]
    )
    func aPromptThatIsPaidTwiceIsReported(
        outcomes: [ChaosCall.Outcome],
        onUnknown: ChaosPrompt.OnUnknown,
        isAllowed: Bool
    ) {
        let calls = outcomes.enumerated().map { Self.call($1, at: 12 + Double($0)) }
        let faults = Self.judge(Self.succeeded(charged: true), calls) { $0.onUnknown = onUnknown }
        #expect(faults.contains(.paidTwice) != isAllowed, "\(faults)")
    }

    @Test func aCallThatGoesToASecondRowIsReported() {
        let calls = [Self.call(.cut(begun: false), of: .alpha), Self.call(.answered, at: 13, of: .gamma)]
        let history = ChaosHistory(weather: Self.weather, calls: calls, prompt: Self.prompt { $0.way = .plain })
        #expect(Self.judge(history) == [.paidTwice])
    }

    // MARK: Dead

    @Test func aDeathThatTheTableAllowsIsNotReported() {
        let failures = [Self.call(.failed(500)), Self.call(.failed(502), at: 15)]
        #expect(Self.judge(Self.dead(), failures).isEmpty)
        let unclear = [Self.call(.cut(begun: false)), Self.call(.cut(begun: true), at: 15)]
        #expect(Self.judge(Self.dead("network", charged: true), unclear).isEmpty)
        #expect(
            Self.judge(Self.dead("network", charged: true), Array(unclear.prefix(1))) { $0.onUnknown = .deadLetter }
                .isEmpty
        )
        #expect(
            Self.judge(Self.dead("rateLimit"), (0..<10).map { Self.call(.refused(429), at: Double(12 + $0)) }).isEmpty
        )
    }

    @Test func aDeathThatAnotherAttemptCouldHavePreventedIsReported() {
        #expect(Self.judge(Self.dead("network"), []) == [.deadTooSoon])
        #expect(Self.judge(Self.dead(), [Self.call(.failed(500))]) == [.deadTooSoon])
        #expect(Self.judge(Self.dead("network", charged: true), [Self.call(.cut(begun: false))]) == [.deadTooSoon])
        #expect(Self.judge(Self.dead("rateLimit"), [Self.call(.refused(429))]) == [.deadTooSoon])
        #expect(Self.judge(Self.dead("authentication"), [Self.call(.refused(401))]) == [.deadTooSoon])
        #expect(Self.judge(Self.dead(), [Self.call(.answered)]) == [.deadTooSoon])
    }

    @Test func thePoisonersDeathIsHisOwn() {
        #expect(
            Self.judge(Self.dead("expired"), [Self.call(.refused(402), by: Self.poisoners)], number: Self.poisoners)
                .isEmpty
        )
        // But he is not made to pay twice either.
        let paid = [Self.call(.answered, by: Self.poisoners), Self.call(.answered, at: 13, by: Self.poisoners)]
        #expect(Self.judge(Self.succeeded(Self.poisoners), paid, number: Self.poisoners) == [.paidTwice])
    }

    /// Whose provider left while the request was on its way may have been asked, though nobody read it.
    @Test(arguments: [(20.0, true), (30.0, false)])
    func aRequestThatNobodyReadIsBelievedWhereItsProviderLeft(left: Double, isBelieved: Bool) {
        var weather = Self.weather
        weather[.beta] = ChaosWeather([
            .init(from: .seconds(left), mood: .away), .init(from: .seconds(40), mood: .well),
        ])
        let attempt = ChaosJob.Attempt(
            row: "beta",
            outcome: "unknown",
            errorClass: "network",
            from: .seconds(20),
            to: .seconds(20.1)
        )
        let faults = Self.judge(Self.dead("network", charged: true), [], attempts: [attempt], weather: weather) {
            $0.onUnknown = .deadLetter
        }
        #expect(faults.isEmpty == isBelieved)
    }

    // MARK: Outages

    /// Five others fail, then the one that is judged; each takes `step` seconds.
    private static func outage(
        others: Int,
        then judged: Double,
        well: Double? = nil,
        again: Bool = false
    ) -> [ChaosCall] {
        let failed = (0..<others).map { Self.call(.failed(500), at: 12 + Double($0) * 0.1, by: 5_000_001 + $0) }
        let wells = well.map { [Self.call(.answered, at: $0, by: 6_000_001)] } ?? []
        let before = again ? (0..<others).map { Self.call(.failed(500), at: 3, by: 5_000_001 + $0) } : []
        return before + failed + wells + [Self.call(.failed(500), at: judged)]
    }

    @Test func aFailureInAnOutageIsNoneOfTheJob() {
        let judge = { (calls: [ChaosCall]) in Self.judge(Self.dead(), calls) { $0.tries = 1 } }
        #expect(judge(Self.outage(others: 5, then: 20)) == [.deadTooSoon])
        // Fewer are no outage, one that has only just begun need not be known, and one that was over is over.
        #expect(judge(Self.outage(others: 4, then: 20)).isEmpty)
        #expect(judge(Self.outage(others: 5, then: 13)).isEmpty)
        #expect(judge(Self.outage(others: 5, then: 20, well: 15)).isEmpty)
        #expect(judge(Self.outage(others: 5, then: 20, well: 20)).isEmpty)
        // Who has failed before may be known already, and then opens nothing.
        #expect(judge(Self.outage(others: 5, then: 20, well: 5, again: true)).isEmpty)
    }

    @Test func aFailureThatCountsThoughItIsNoneOfTheJobsIsReported() {
        func judge(_ outcome: String, _ calls: [ChaosCall], _ model: ChaosModel = .alone) -> [ChaosVerdict.Kind] {
            let attempt = ChaosJob.Attempt(
                row: "beta",
                outcome: outcome,
                errorClass: "network",
                from: .seconds(20),
                to: .seconds(20.1)
            )
            let calls = calls + [Self.call(.answered, at: 50)]
            return Self.judge(Self.succeeded(), calls, attempts: [attempt]) { $0.model = model }
        }
        #expect(judge("failed", []) == [.counted])
        #expect(judge("failed", Self.outage(others: 5, then: 20)) == [.counted])
        // One that is none, one of a row that was well, and one that another row may have answered.
        #expect(judge("deferred", []).isEmpty)
        #expect(judge("deferred", Self.outage(others: 5, then: 20)).isEmpty)
        #expect(judge("failed", Self.outage(others: 4, then: 20)).isEmpty)
        #expect(judge("failed", [], .pool).isEmpty)
    }

    @Test func whoIsProbedAgainWhileOthersWaitIsReported() {
        let calls = Self.outage(others: 5, then: 20) + [Self.call(.failed(500), at: 31)]
        let waiting = ChaosJob(id: "b", prompt: 8_000_001, takenAt: .seconds(15), end: Self.succeeded(8_000_001))
        let served = Self.call(.answered, at: 50, by: 8_000_001)
        func judge(_ calls: [ChaosCall], _ jobs: [ChaosJob]) -> Bool {
            let history = ChaosHistory(weather: Self.weather, calls: calls, jobs: jobs, prompt: Self.prompt { _ in })
            return Self.judge(history).contains(.probedAgain)
        }
        #expect(judge(calls + [served], [waiting]))
        // Nobody waits, or whoever does has had a turn.
        #expect(!judge(calls, []))
        #expect(!judge(calls + [Self.call(.failed(500), at: 25, by: 8_000_001), served], [waiting]))
    }

    // MARK: Calls

    private static func answer(
        _ status: Int,
        at seconds: Double = 30,
        _ change: (inout ChaosAnswer) -> Void = { _ in }
    ) -> ChaosAnswer {
        var answer = ChaosAnswer(
            prompt: innocent,
            at: .seconds(seconds),
            until: .seconds(seconds + 1),
            status: status,
            code: status == 200 ? nil : "upstream_unavailable",
            text: status == 200 ? ChaosPrompt(number: innocent).answer : nil
        )
        change(&answer)
        return answer
    }

    private static func judge(
        _ answer: ChaosAnswer,
        _ calls: [ChaosCall] = [],
        _ model: ChaosModel = .alone,
        ends: [String: ChaosEnd] = [:]
    ) -> [ChaosVerdict.Kind] {
        var history = ChaosHistory(
            weather: weather,
            calls: calls,
            answers: [answer],
            prompt: prompt {
                $0.way = .plain
                $0.model = model
            }
        )
        history.ends = ends
        return judge(history)
    }

    @Test func anErrorThatAMoodExplainsIsNotReported() {
        #expect(Self.judge(Self.answer(200), [Self.call(.answered, at: 30)]).isEmpty)
        #expect(Self.judge(Self.answer(503)).isEmpty)
        #expect(Self.judge(Self.answer(502), [Self.call(.failed(500), at: 30)]).isEmpty)
        #expect(
            Self.judge(Self.answer(504) { $0.possiblyCharged = true }, [Self.call(.cut(begun: false), at: 30)]).isEmpty
        )
    }

    @Test func anErrorThatNoMoodExplainsIsReported() {
        // Before the first of them, and after the last can have any effect.
        #expect(Self.judge(Self.answer(503, at: 5)) == [.harmed])
        #expect(Self.judge(Self.answer(503, at: 200)) == [.harmed])
        #expect(Self.judge(Self.answer(400), [Self.call(.failed(500), at: 30)]) == [.harmed])
        #expect(Self.judge(Self.answer(503), [], .calm) == [.harmed])
        #expect(Self.judge(Self.answer(429), [Self.call(.refused(429), at: 30, of: .calm)], .calm) == [.harmed])
    }

    @Test func aWrongAnswerIsReported() {
        #expect(Self.judge(Self.answer(200) { $0.text = "Yes" }, [Self.call(.answered, at: 30)]) == [.wrong])
        #expect(Self.judge(Self.answer(502), [Self.call(.answered, at: 30)]) == [.wrong])
        #expect(Self.judge(Self.answer(504), [Self.call(.cut(begun: false), at: 30)]) == [.wrong])
    }

    @Test func aCallWhoseJobIsAnotherIsReported() {
        let answer = Self.answer(200) { $0.job = "a" }
        let call = [Self.call(.answered, at: 30)]
        #expect(Self.judge(answer, call, ends: ["a": Self.succeeded()]).isEmpty)
        #expect(Self.judge(answer, call) == [.lost])
        #expect(Self.judge(answer, call, ends: ["a": Self.dead()]) == [.wrong])
    }
}

/// The weather follows from its seed, and leaves the calm row alone.
@Suite struct ChaosWeatherTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyMoodComesAndAllIsWellInTheEnd(seed: UInt64) {
        let weather = ChaosWeather(seed: seed, row: .beta, until: .seconds(120))
        #expect(weather.spells == ChaosWeather(seed: seed, row: .beta, until: .seconds(120)).spells)
        #expect(weather.spells != ChaosWeather(seed: seed, row: .gamma, until: .seconds(120)).spells)
        #expect(Set(ChaosMood.bag).isSubset(of: Set(weather.spells.map(\.mood))))
        #expect(
            weather.mood(at: weather.end).isWell
                && !weather.isUnwell(from: weather.end + .milliseconds(1), to: .seconds(10_000))
        )
        #expect(ChaosWeather(seed: seed, row: .calm, until: .seconds(120)).spells.isEmpty)
    }

    @Test func aMoodIsLookedUpByItsMoment() {
        let weather = ChaosWeather([
            .init(from: .zero, mood: .well), .init(from: .seconds(5), mood: .away),
            .init(from: .seconds(7), mood: .well),
        ])
        #expect(weather.mood(at: .seconds(4.9)) == .well && weather.mood(at: .seconds(5)) == .away)
        #expect(weather.absences == [.seconds(5)..<(.seconds(7))])
        #expect(
            !weather.isUnwell(from: .seconds(1), to: .seconds(4))
                && weather.isUnwell(from: .seconds(1), to: .seconds(6))
        )
        #expect(
            weather.left(from: .seconds(4.5), to: .seconds(4.6)) && !weather.left(from: .seconds(8), to: .seconds(9))
        )
    }
}
