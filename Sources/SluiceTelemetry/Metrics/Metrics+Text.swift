package import SluiceEngine
import SluiceProvider
import SluiceStore
import SluiceTypes

extension Metrics {
    /// The type of ``text(_:_:)`` as a header field has it.
    package static let contentType = Exposition.contentType

    /// All series, in Prometheus' text format.
    package func text(_ figures: Figures) -> [UInt8] { Array(Exposition(page(figures)).text.utf8) }

    /// All series as they are now.
    func page(_ figures: Figures) -> SeriesPage {
        let state = current
        var page = SeriesPage()
        page.queue(state, figures)
        page.calls(state, figures)
        page.rows(state, figures)
        page.store(state, figures)
        page.money(state, figures)
        page.inferences(state)
        page.single(
            "sluice_tokens_expiring",
            .gauge,
            "API tokens that end within 14 days.",
            figures.endingTokens.count
        )
        page.family(
            "sluice_export_dropped_total",
            .counter,
            "Spans, or points of metrics, that were not delivered to a collector."
        )
        for signal in ExportTally.Signal.allCases {
            page.sample(["signal": signal.rawValue], exports?.dropped(signal) ?? 0)
        }
        page.single(
            "sluice_series_refused_total",
            .counter,
            "How often something was shown as other, since there are enough series of its kind.",
            state.refused
        )
        page.family("sluice_build_info", .gauge, "1, with the version as a label.")
        page.sample(["version": version], 1)
        return page
    }
}

extension SeriesPage {
    fileprivate mutating func queue(_ state: Metrics.State, _ figures: Figures) {
        family("sluice_jobs", .gauge, "Jobs that there are, by state, lane, and entry: of the queue, or of calls.")
        var counts: [CountedJobs: Int] = [:]
        for (kind, count) in figures.counts {
            counts[CountedJobs(kind.state, kind.entry, kind.lane), default: 0] += count
        }
        for status in JobState.allCases {
            for lane in Lane.allCases {
                for entry in JobEntry.allCases {
                    sample(
                        ["status": status.rawValue, "lane": lane.rawValue, "entry": entry.rawValue],
                        counts[CountedJobs(status, entry, lane)] ?? 0
                    )
                }
            }
        }
        family("sluice_job_oldest_seconds", .gauge, "How long the longest due queued job has been due.")
        for (key, seconds) in state.oldest(figures.groups).sorted(by: { $0.key < $1.key }) {
            sample(["lane": key.lane, "model": key.model], seconds)
        }
        family("sluice_jobs_waiting", .gauge, "Queued jobs by what they wait for; each once.")
        for reason in WaitReason.allCases {
            sample(["reason": reason.rawValue], figures.waiting[reason] ?? 0)
        }
        family("sluice_jobs_accepted_total", .counter, "Jobs that were committed, calls included.")
        for surface in Surface.allCases {
            for lane in Lane.allCases {
                sample(
                    ["surface": surface.rawValue, "lane": lane.rawValue],
                    state.accepted[AcceptedKey(surface: surface, lane: lane)] ?? 0
                )
            }
        }
        family("sluice_jobs_ended_total", .counter, "Jobs that ended, by how, and dead ones by why.")
        for (status, errorClass) in JobState.ends {
            sample(
                ["status": status.rawValue, "error_class": errorClass?.rawValue ?? ""],
                state.ended[EndedKey(state: status, errorClass: errorClass)] ?? 0
            )
        }
        family("sluice_queue_wait_seconds", .histogram, "How long jobs had been due when they began to run.")
        for lane in Lane.allCases {
            sample(
                ["lane": lane.rawValue],
                state.queueWait[lane] ?? Histogram(Histogram.queue)
            )
        }
    }

    fileprivate mutating func calls(_ state: Metrics.State, _ figures: Figures) {
        family("sluice_attempts_total", .counter, "Attempts that ended, by row and outcome.")
        for (key, count) in state.attempts.sorted(by: {
            ($0.key.provider, $0.key.outcome.rawValue) < ($1.key.provider, $1.key.outcome.rawValue)
        }) {
            sample(["provider": key.provider, "outcome": key.outcome.rawValue], count)
        }
        family(
            "sluice_possibly_charged_total",
            .counter,
            "Attempts that a provider may have charged for, and brought no answer."
        )
        for (provider, count) in state.possiblyCharged.sorted(by: { $0.key < $1.key }) {
            sample(["provider": provider], count)
        }
        family(
            "sluice_overhead_seconds",
            .histogram,
            "From a call's coming in, read and checked, to its request's going out."
        )
        sample([:], state.overhead)
        single("sluice_streams", .gauge, "Answers that are told as they come.", figures.streams)
        single("sluice_stream_bytes_total", .counter, "Bytes of such answers.", figures.streamBytes)
        single("sluice_retries_joined_total", .counter, "Repeated calls that got the one they had begun.", state.joined)
        single(
            "sluice_idempotency_replays_total",
            .counter,
            "Requests whose Idempotency-Key named an earlier one.",
            state.replayed
        )
    }

    fileprivate mutating func rows(_ state: Metrics.State, _ figures: Figures) {
        let rows = figures.rows.prefix(Metrics.Most.rows)
        family("sluice_provider_state", .gauge, "1 for each state that a row is in.")
        for row in rows {
            let states = row.conditions
            for condition in RowCondition.allCases {
                sample(
                    ["provider": row.name, "state": condition.rawValue],
                    states.contains(condition) ? 1 : 0
                )
            }
        }
        family(
            "sluice_provider_limit_remaining",
            .gauge,
            "What a row's provider has said within five minutes of what is left of its allowance."
        )
        for row in rows {
            for kind in Allowance.allCases {
                if let left = row.allowances[kind] { sample(["provider": row.name, "kind": kind.rawValue], left) }
            }
        }
        family("sluice_provider_in_flight", .gauge, "Calls under way at a row.")
        for row in rows { sample(["provider": row.name], row.running) }
    }

    fileprivate mutating func store(_ state: Metrics.State, _ figures: Figures) {
        family("sluice_accept_commit_seconds", .histogram, "From a queued job's submission to its being on the disk.")
        sample([:], state.stored)
        family("sluice_commit_group_size", .histogram, "Operations that were committed together.")
        sample([:], state.group)
        family("sluice_fsync_seconds", .histogram, "What commits take, with their flush to the disk.")
        sample([:], state.flush)
        if let disk = figures.disk {
            single("sluice_store_bytes", .gauge, "Bytes of the store's files.", disk.used)
            single("sluice_store_free_bytes", .gauge, "Bytes that are free where the store is.", disk.free)
        }
        single(
            "sluice_store_up",
            .gauge,
            "1 while the store takes what is written.",
            figures.storeTrouble == nil ? 1 : 0
        )
    }

    fileprivate mutating func money(_ state: Metrics.State, _ figures: Figures) {
        family("sluice_cost_nanousd_total", .counter, "Nano-dollars of attempts with a price, by row and model.")
        for (key, cost) in state.cost.values.sorted(by: { $0.key < $1.key }) {
            sample(["provider": key.provider, "model": key.model], cost)
        }
        family("sluice_cost_nanousd_by_owner_total", .counter, "The same by owner.")
        let owners = state.costByOwner.values.compactMap { owner, cost in
            // Whoever is too new to have been looked up is told with all of it in a moment.
            (name: owner.map { figures.owners[$0] } ?? NameBook.other, cost: cost, id: owner?.rawValue ?? "")
        }
        for owner in owners.sorted(by: { ($0.name ?? "", $0.cost) < ($1.name ?? "", $1.cost) }) {
            // An owner's name may change.
            if let name = owner.name { sample(["owner": name], owner.cost, identity: owner.id) }
        }
        family(
            "sluice_unknown_nanousd_total",
            .counter,
            "Nano-dollars between which attempts cost whose usage was not told."
        )
        sample(["bound": "low"], state.unknown.low)
        sample(["bound": "likely"], state.unknown.likely)
        sample(["bound": "high"], state.unknown.high)
        family("sluice_unpriced_calls_total", .counter, "Attempts without a price, by model.")
        for (model, count) in state.unpriced.sorted(by: { $0.key < $1.key }) {
            sample(["model": model], count)
        }
        single(
            "sluice_ledger_ignored_total",
            .counter,
            "What was told of an attempt whose line stands as it was.",
            state.ignored
        )
        family("sluice_limit_refusals_total", .counter, "What limits refused, or would have with a dry run.")
        for word in LimitRefusal.words {
            sample(["limit": word, "dry_run": "false"], state.refusals[word] ?? 0)
        }
        for kind in SpendingLimits.Kind.allCases {
            sample(
                ["limit": kind.rawValue, "dry_run": "true"],
                figures.trials[kind] ?? 0
            )
        }
        let budgets = figures.budgets.compactMap { budget in figures.owners[budget.owner].map { ($0, budget) } }
            .sorted { $0.0 < $1.0 }.prefix(Metrics.Most.names)
        family("sluice_budget_used_ratio", .gauge, "What is spent of an owner's budget; 1 is all of it.")
        for (owner, budget) in budgets {
            sample(["owner": owner], budget.ratio)
        }
        family("sluice_budget_held_ratio", .gauge, "What calls under way may use of it.")
        for (owner, budget) in budgets {
            sample(["owner": owner], budget.share(of: budget.held))
        }
    }

    /// Source: OpenTelemetry's semantic conventions for generative AI, in Prometheus' spelling.
    fileprivate mutating func inferences(_ state: Metrics.State) {
        let all = state.inferences.values.sorted { $0.key < $1.key }
        func labels(_ key: InferenceKey) -> Labels {
            [
                "gen_ai.operation.name": key.operation?.conventionalName,
                "gen_ai.provider.name": key.provider,
                "gen_ai.request.model": key.requested,
                "gen_ai.response.model": key.served,
                "server.address": state.catalogue[key.provider]?.host,
                "error.type": key.errorClass?.rawValue,
            ]
        }
        family("gen_ai.client.inference.duration", .histogram, "What attempts took.", unit: "s")
        for (key, value) in all { sample(labels(key), value.duration, identity: key.identity) }
        family(
            "gen_ai.client.inference.time_to_first_chunk",
            .histogram,
            "What the first byte of an answer took.",
            unit: "s"
        )
        for (key, value) in all {
            sample(labels(key), value.firstChunk, identity: key.identity)
        }
        family(
            "gen_ai.client.inference.time_per_output_chunk",
            .histogram,
            "What each token took after the first.",
            unit: "s"
        )
        for (key, value) in all {
            sample(labels(key), value.perChunk, identity: key.identity)
        }
        let tokens: [(name: String, help: String, count: (Inference) -> Int)] = [
            ("input_tokens", "Tokens read.", { $0.input }),
            ("output_tokens", "Tokens written.", { $0.output }),
            ("cache_read.input_tokens", "Tokens read from caches.", { $0.cacheRead }),
            ("cache_write.input_tokens", "Tokens written into caches.", { $0.cacheWrite }),
            ("reasoning.output_tokens", "Tokens written while the model thought.", { $0.reasoning }),
        ]
        for (name, help, count) in tokens {
            family("gen_ai.client.inference.usage.\(name)", .counter, help, unit: "{token}")
            for (key, value) in all { sample(labels(key), count(value), identity: key.identity) }
        }
    }
}

extension Metrics.State {
    struct OldestKey: Hashable, Comparable {
        var lane: String
        var model: String

        static func < (left: OldestKey, right: OldestKey) -> Bool {
            (left.lane, left.model) < (right.lane, right.model)
        }
    }

    /// How long the first due job of a lane and model has been due.
    fileprivate func oldest(_ groups: [GroupFigures]) -> [OldestKey: Double] {
        let known = catalogue.values.reduce(into: Set<String>()) { $0.formUnion($1.models) }
        var oldest: [OldestKey: Double] = [:]
        for group in groups {
            let route = ModelRoute(text: group.group.route).models.first ?? ""
            var model = known.contains(route) ? route : NameBook.other
            let place = { (model: String) in OldestKey(lane: group.group.lane.rawValue, model: model) }
            if oldest[place(model)] == nil, oldest.count >= Metrics.Most.names { model = NameBook.other }
            let seconds = group.dueFor?.seconds ?? 0
            oldest[place(model)] = max(oldest[place(model)] ?? 0, seconds)
        }
        return oldest
    }
}

extension JobState {
    /// The ways in which jobs end.
    fileprivate static var ends: [(JobState, ErrorClass?)] {
        [(.succeeded, nil), (.cancelled, nil)] + ErrorClass.allCases.map { (.dead, $0) }
    }
}

extension LimitRefusal {
    /// All of ``limitWord``.
    static let words = SpendingLimits.Kind.allCases.map(\.rawValue) + ["unpriced", "recording", "disabled"]
}

extension ModelKey: Comparable {
    static func < (left: ModelKey, right: ModelKey) -> Bool {
        (left.provider, left.model) < (right.provider, right.model)
    }
}

extension InferenceKey: Comparable {
    private var words: (String, String, String, String, String) {
        (provider, requested, served ?? "", operation?.rawValue ?? "", errorClass?.rawValue ?? "")
    }

    static func < (left: InferenceKey, right: InferenceKey) -> Bool { left.words < right.words }
}
