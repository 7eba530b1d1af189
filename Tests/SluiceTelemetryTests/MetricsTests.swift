import SluiceStore
import SluiceTelemetry
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What is counted of what happens, and how it is shown.
struct MetricsTests {
    private static let group = JobGroup(lane: .bulk, operation: .chat, format: .prompt, route: "known")
    private static let kind = JobKind(.prompt, .queue, group, OwnerID(rawValue: "ada"))

    private static func figures(
        counts: [CountedJobs: Int] = [:],
        waiting: [WaitReason: Int] = [:],
        groups: [GroupFigures] = [],
        budgets: [BudgetFigures] = [],
        owners: [OwnerID: String] = [:],
        trouble: String? = nil
    ) -> Figures {
        Figures(
            counts: counts,
            waiting: waiting,
            groups: groups,
            rows: [],
            budgets: budgets,
            trials: [.rpm: 3],
            streams: 2,
            streamBytes: 99,
            slowest: [],
            owners: owners,
            endingTokens: [],
            disk: DiskUse(used: 7, free: 8),
            storeTrouble: trouble
        )
    }

    private static func lines(_ metrics: Metrics, _ figures: Figures = figures()) -> [String] {
        String(decoding: metrics.text(figures), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func made() -> Metrics {
        let metrics = Metrics(version: "1.2")
        metrics.note(.catalogue([CatalogueRow(name: "alpha", host: "api.example", models: ["known"])]))
        return metrics
    }

    private static func ending(
        _ row: String = "alpha",
        _ model: String = "known",
        _ outcome: AttemptOutcome = .ok,
        _ errorClass: ErrorClass? = nil,
        served: String? = nil
    ) -> AttemptEnding {
        let at = { (seconds: Int64) in Timestamp(milliseconds: seconds * 1000) }
        var entry = LedgerEntry(
            basis: .told,
            units: .exactly(["input": 10, "output": 5]),
            cost: .priced(1),
            counted: 1
        )
        entry.served = served
        return AttemptEnding(
            job: .generate(at: at(0)),
            epoch: 1,
            operation: .chat,
            row: row,
            model: model,
            outcome: outcome,
            startedAt: at(0),
            AttemptReport(firstByteAt: at(1), endedAt: at(3), errorClass: errorClass, entry: entry)
        )
    }

    private static func posting(
        _ owner: String = "ada",
        _ model: String = "known",
        isModelPriced: Bool = false,
        _ change: (inout LedgerSums) -> Void
    ) -> LedgerPosting {
        var sums = LedgerSums()
        change(&sums)
        return LedgerPosting(
            owner: OwnerID(rawValue: owner),
            provider: "alpha",
            model: model,
            isModelPriced: isModelPriced,
            difference: sums
        )
    }

    @Test("jobs that come, wait and end are counted once each")
    func jobs() {
        let metrics = Self.made()
        let id = JobID.generate(at: Timestamp(milliseconds: 0))
        metrics.note(
            .committed(
                CommitNews(
                    moves: [
                        JobMove(id, Self.kind, from: nil, to: .queued),
                        JobMove(id, Self.kind, from: .queued, to: .running, waited: .seconds(2)),
                        JobMove(id, Self.kind, from: .running, to: .queued),
                        JobMove(id, Self.kind, from: .queued, to: .running, waited: .milliseconds(5)),
                        JobMove(id, Self.kind, from: .running, to: .dead, errorClass: .timeout),
                    ],
                    operations: 3,
                    flush: .milliseconds(4)
                )
            )
        )
        let lines = Self.lines(metrics)
        #expect(lines.contains(#"sluice_jobs_accepted_total{surface="prompt",lane="bulk"} 1"#))
        #expect(lines.contains(#"sluice_jobs_ended_total{status="dead",error_class="timeout"} 1"#))
        #expect(lines.contains(#"sluice_jobs_ended_total{status="succeeded",error_class=""} 0"#))
        #expect(lines.contains(#"sluice_queue_wait_seconds_bucket{lane="bulk",le="0.01"} 1"#))
        #expect(lines.contains(#"sluice_queue_wait_seconds_bucket{lane="bulk",le="5.0"} 2"#))
        #expect(lines.contains(#"sluice_queue_wait_seconds_count{lane="bulk"} 2"#))
        #expect(lines.contains(#"sluice_commit_group_size_bucket{le="4.0"} 1"#))
        #expect(lines.contains(#"sluice_fsync_seconds_bucket{le="0.0025"} 0"#))
        #expect(lines.contains(#"sluice_fsync_seconds_bucket{le="0.005"} 1"#))
    }

    @Test("gauges are what the engine tells, those that are nothing included")
    func gauges() {
        let owner = OwnerID(rawValue: "own_1")
        let figures = Self.figures(
            counts: [
                CountedJobs(.queued, .queue, .bulk, group: Self.group): 5,
                CountedJobs(.dead, .call, .interactive, group: nil): 2,
            ],
            waiting: [.window: 5],
            groups: [
                GroupFigures(
                    group: Self.group,
                    queued: 5,
                    reason: .window,
                    detail: "it asked",
                    until: nil,
                    dueFor: .milliseconds(1500)
                )
            ],
            budgets: [BudgetFigures(owner: owner, amount: 200, spent: 50, held: 20, ends: nil)],
            owners: [owner: "Team \"A\"\\\n"],
            trouble: "the disk is full"
        )
        let lines = Self.lines(Self.made(), figures)
        #expect(lines.contains(#"sluice_jobs{status="queued",lane="bulk",entry="queue"} 5"#))
        #expect(lines.contains(#"sluice_jobs{status="dead",lane="interactive",entry="call"} 2"#))
        #expect(lines.contains(#"sluice_jobs{status="dead",lane="interactive",entry="queue"} 0"#))
        #expect(lines.contains(#"sluice_job_oldest_seconds{lane="bulk",model="known"} 1.5"#))
        #expect(lines.contains(#"sluice_jobs_waiting{reason="window"} 5"#))
        #expect(lines.contains(#"sluice_jobs_waiting{reason="breaker"} 0"#))
        #expect(lines.contains(#"sluice_budget_used_ratio{owner="Team \"A\"\\\n"} 0.25"#))
        #expect(lines.contains(#"sluice_budget_held_ratio{owner="Team \"A\"\\\n"} 0.1"#))
        #expect(lines.contains(#"sluice_limit_refusals_total{limit="rpm",dry_run="true"} 3"#))
        #expect(lines.contains("sluice_store_up 0"))
        #expect(lines.contains("sluice_store_bytes 7"))
        #expect(lines.contains("sluice_streams 2"))
        #expect(lines.contains(#"sluice_build_info{version="1.2"} 1"#))
    }

    @Test("attempts are told by row and outcome, and by the conventions' names")
    func attempts() {
        let metrics = Self.made()
        let endings = [
            Self.ending(served: "known"), Self.ending(), Self.ending("alpha", "known", .unknown, .timeout),
            Self.ending("alpha", "known", .deferred, .rateLimit),
        ]
        metrics.note(.committed(CommitNews(attempts: endings)))
        let lines = Self.lines(metrics)
        #expect(lines.contains(#"sluice_attempts_total{provider="alpha",outcome="ok"} 2"#))
        #expect(lines.contains(#"sluice_attempts_total{provider="alpha",outcome="deferred"} 1"#))
        #expect(lines.contains(#"sluice_possibly_charged_total{provider="alpha"} 1"#))
        let labels = #"gen_ai_operation_name="chat",gen_ai_provider_name="alpha",gen_ai_request_model="known""#
        #expect(
            lines.contains(
                #"gen_ai_client_inference_usage_output_tokens_total{\#(labels),server_address="api.example"} 5"#
            )
        )
        #expect(
            lines.contains(
                #"gen_ai_client_inference_duration_seconds_bucket{\#(labels),gen_ai_response_model="known",server_address="api.example",le="2.5"} 0"#
            )
        )
        #expect(
            lines.contains(
                #"gen_ai_client_inference_duration_seconds_count{\#(labels),server_address="api.example",error_type="timeout"} 1"#
            )
        )
        // Two seconds for four tokens behind the first.
        #expect(
            lines.contains(
                #"gen_ai_client_inference_time_per_output_chunk_seconds_sum{\#(labels),server_address="api.example"} 0.5"#
            )
        )
        #expect(!lines.contains { $0.hasPrefix("gen_ai") && $0.contains("rateLimit") })
    }

    @Test("money is exact, and no counter of it falls")
    func money() {
        let metrics = Self.made()
        let large: Int64 = 9_007_199_254_740_993
        metrics.note(
            .committed(
                CommitNews(
                    postings: [
                        Self.posting { $0.cost = large },
                        Self.posting { sums in
                            sums.unknown = 1
                            (sums.low, sums.likely, sums.high) = (1, 2, 3)
                        },
                        Self.posting("ada", "invented") { $0.unpriced = 1 },
                    ],
                    ignored: 4
                )
            )
        )
        let owners = [OwnerID(rawValue: "ada"): "Ada"]
        let first = Self.lines(metrics, Self.figures(owners: owners))
        #expect(first.contains(#"sluice_cost_nanousd_total{provider="alpha",model="known"} \#(large)"#))
        #expect(first.contains(#"sluice_cost_nanousd_by_owner_total{owner="Ada"} \#(large)"#))
        #expect(first.contains(#"sluice_unknown_nanousd_total{bound="high"} 3"#))
        #expect(first.contains(#"sluice_unpriced_calls_total{model="other"} 1"#))
        #expect(first.contains("sluice_ledger_ignored_total 4"))
        // What was unknown is known now.
        let known = Self.posting { sums in
            sums.unknown = -1
            (sums.low, sums.likely, sums.high) = (-1, -2, -3)
            sums.cost = 2
        }
        metrics.note(.committed(CommitNews(postings: [known])))
        let second = Self.lines(metrics, Self.figures(owners: owners))
        #expect(second.contains(#"sluice_unknown_nanousd_total{bound="high"} 3"#))
        #expect(second.contains(#"sluice_cost_nanousd_total{provider="alpha",model="known"} \#(large + 2)"#))
    }

    @Test("it stays small whatever callers and providers name, and what has a series keeps it")
    func bounded() {
        let metrics = Metrics(version: "1")
        // A thousand rows, each with models of its own.
        metrics.note(
            .catalogue((0..<1000).map { row in CatalogueRow(name: "row-\(row)", models: ["model-\(row)"]) })
        )
        var owners: [OwnerID: String] = [:]
        for number in 0..<10_000 {
            let owner = "own_\(number % 1000)"
            owners[OwnerID(rawValue: owner)] = "owner \(number % 1000)"
            let row = "row-\(number % 1000)"
            for model in ["made-up-\(number)", "model-\(number % 1000)"] {
                let outcome = AttemptOutcome.allCases[number % AttemptOutcome.allCases.count]
                metrics.note(
                    .committed(
                        CommitNews(
                            attempts: [Self.ending(row, model, outcome, .timeout, served: "served-\(number)")],
                            postings: [
                                Self.posting(owner, model) { sums in
                                    sums.cost = 1
                                    sums.unpriced = 1
                                }
                            ]
                        )
                    )
                )
            }
        }
        let groups = (0..<10_000).map { number in
            GroupFigures(
                group: JobGroup(lane: .bulk, operation: .chat, format: .prompt, route: "model-\(number)"),
                queued: 1,
                reason: .place,
                detail: nil,
                until: nil,
                dueFor: .seconds(1)
            )
        }
        let budgets = owners.keys.map { BudgetFigures(owner: $0, amount: 1, spent: 1, held: 0, ends: nil) }
        let figures = Self.figures(groups: groups, budgets: budgets, owners: owners)
        let before = Self.lines(metrics, figures).filter { !$0.hasPrefix("#") }
        #expect(before.count < 10_000)
        let rows = before.filter { $0.hasPrefix("sluice_attempts_total") }.map { $0.split(separator: "\"")[1] }
        // One place is that of the row which the costs are told of.
        #expect(Set(rows).count == 100 && rows.contains("other"))
        #expect(!before.contains { $0.contains("made-up") || $0.contains("served-") })
        let refused = before.first { $0.hasPrefix("sluice_series_refused_total") }
        #expect(refused != nil && refused != "sluice_series_refused_total 0")
        // The one that was first is counted under its own name still.
        metrics.note(.committed(CommitNews(attempts: [Self.ending("row-0", "model-0", .ok)])))
        let after = Self.lines(metrics, figures).filter { !$0.hasPrefix("#") }
        let changed = Set(after).subtracting(before).filter { $0.hasPrefix("sluice_attempts_total") }
        #expect(changed.count == 1 && changed.first?.contains(#"provider="row-0",outcome="ok""#) == true)
    }
}
