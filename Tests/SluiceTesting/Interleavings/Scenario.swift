import SluiceStore
import SluiceTypes

/// Players who share a store, and the jobs they are about.
package struct Scenario: Sendable, CustomStringConvertible {
    /// What is to be submitted.
    struct Plan: Sendable {
        var owner = OwnerID.ada
        var hasKey = false
        var fingerprint: UInt8 = 1
        var onUnknown = OnUnknown.retry
        /// Seconds from its submission.
        var deadline: Double?
        /// The number of the job whose answer it takes up.
        var continues: Int?
        /// Seconds from its end.
        var keepsBodies: Double?
    }

    package let name: String
    let plans: [Plan]
    /// What is done before the players begin.
    let setup: [Move]
    let players: [Player]

    package var description: String { name }

    init(_ name: String, _ plans: [Plan], setup: [Move] = [], _ players: Player...) {
        self.name = name
        self.plans = plans
        self.setup = setup
        self.players = players
    }
}

extension BootID {
    fileprivate static let old = BootID(rawValue: "the old boot")
    fileprivate static let new = BootID(rawValue: "the new boot")
}

extension Scenario {
    /// All that is explored, roughly from the smallest to the largest.
    package static let all: [Scenario] =
        [turns, repeated, keeping, continued, brief, overdue] + Move.Way.allCases.map(contended) + [
            direct, everyone, failing,
        ]

    /// One worker of a life that has ended, one of the next, the rescue between them, and somebody who calls the job off.
    private static func contended(_ way: Move.Way) -> Scenario {
        Scenario(
            "workers of two lives, a rescue and a cancellation; the first worker: \(way.rawValue)",
            [Plan()],
            setup: [.submit(0)],
            Player("old worker", [.claim(.old), .settle(way), .settle(.succeed)]),
            Player("new worker", [.claim(.new), .settle(.succeed), .claim(.new), .settle(.retryNow)]),
            Player("rescuer", [.rescue(.new), .rescueOwnOrphans(.new)]),
            Player("canceller", [.cancel(0), .redrive(0, toOther: false)])
        )
    }

    /// Everybody at once.
    package static let everyone = Scenario(
        "a client that repeats itself, two workers, a rescuer and a canceller",
        [Plan(hasKey: true), Plan(hasKey: true)],
        Player("client", [.submit(0), .submit(1)]),
        Player("old worker", [.claim(.old), .settle(.failForGood)]),
        Player("new worker", [.claim(.new), .settle(.succeed)]),
        Player("rescuer", [.rescue(.new), .rescueOwnOrphans(.new)]),
        Player("canceller", [.cancel(0), .redrive(0, toOther: true)])
    )

    /// Tries are spent by both workers, and given back by a redrive.
    private static let failing = Scenario(
        "two workers that fail, a rescuer and a redrive",
        [Plan()],
        setup: [.submit(0)],
        Player("old worker", [.claim(.old), .settle(.failAndWait), .claim(.old), .settle(.retryNow)]),
        Player("new worker", [.claim(.new), .settle(.retryNow), .settle(.failAndWait), .claim(.new)]),
        Player("rescuer", [.rescue(.new), .rescue(.old)]),
        Player("operator", [.redrive(0, toOther: false), .cancel(0)])
    )

    private static let repeated = Scenario(
        "settlements that come twice, a rescuer and a canceller",
        [Plan(onUnknown: .deadLetter)],
        setup: [.submit(0)],
        Player("old worker", [.claim(.old), .settle(.succeed), .settleAgain]),
        Player("new worker", [.claim(.new), .settle(.failForGood), .settleAgain]),
        Player("rescuer", [.rescue(.new)]),
        Player("operator", [.redrive(0, toOther: true), .cancel(0)])
    )

    private static let keeping = Scenario(
        "a worker, a deletion, a purge, and clients with the same key",
        [Plan(hasKey: true), Plan(hasKey: true), Plan(hasKey: true, fingerprint: 2)],
        setup: [.submit(0)],
        Player("worker", [.claim(.old), .settle(.succeed), .settleAgain]),
        Player("client", [.submit(1), .submit(2)]),
        Player("keeper", [.deleteBodies(0), .purge]),
        Player("rescuer", [.rescue(.new)])
    )

    private static let continued = Scenario(
        "a worker, clients that take up its answer, a deletion and a purge",
        [Plan(), Plan(continues: 0), Plan(continues: 1)],
        setup: [.submit(0)],
        Player("old worker", [.claim(.old), .settle(.succeed)]),
        Player("client", [.submit(1), .submit(2)]),
        Player("new worker", [.claim(.new), .settle(.succeed)]),
        Player("keeper", [.deleteBodies(0), .purge])
    )

    private static let brief = Scenario(
        "workers, a canceller, a redrive and a client with the same key, where nothing is to be stored",
        [Plan(hasKey: true, keepsBodies: 60), Plan(hasKey: true, keepsBodies: 60)],
        setup: [.submit(0)],
        Player("old worker", [.claim(.old), .settle(.failForGood), .settleAgain]),
        Player("client", [.submit(1)]),
        Player("new worker", [.claim(.new), .settle(.succeed)]),
        Player("keeper", [.forgetBodies]),
        Player("operator", [.redrive(0, toOther: false), .cancel(0)])
    )

    private static let direct = Scenario(
        "a call that starts at once, a rescuer, a canceller and a worker",
        [Plan(hasKey: true, onUnknown: .deadLetter), Plan(hasKey: true)],
        Player("caller", [.submitRunning(0, .old), .settle(.retryNow), .settle(.succeed)]),
        Player("client", [.submit(1)]),
        Player("rescuer", [.rescueOwnOrphans(.old), .rescue(.new)]),
        Player("canceller", [.cancel(0), .redrive(0, toOther: false)]),
        Player("worker", [.claim(.new), .settle(.release)])
    )

    private static let overdue = Scenario(
        "a deadline, two workers, the sweep and a redrive",
        [Plan(deadline: 4), Plan(deadline: 2)],
        setup: [.submit(0)],
        Player("client", [.submit(1)]),
        Player("old worker", [.claim(.old), .settle(.defer), .claim(.old), .settle(.succeed)]),
        Player("new worker", [.claim(.new), .settle(.failAndWait)]),
        Player("keeper", [.expire]),
        Player("operator", [.redrive(0, toOther: false)])
    )

    private static let turns = Scenario(
        "two owners and two workers",
        [Plan(), Plan(), Plan(), Plan(owner: .bob)],
        setup: [.submit(0)],
        Player("ada", [.submit(1), .submit(2)]),
        Player("bob", [.submit(3)]),
        Player("old worker", [.claim(.old, places: 2), .settle(.release), .settle(.succeed)]),
        Player("new worker", [.claim(.new, places: 2)])
    )
}
