import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension AdminAPI {
    /// `GET /admin/v1/status`: how all stands; without a server what is stored.
    func status(_ request: AdminRequest) async throws -> AdminReply {
        guard let engine else {
            let counts = try await records.counts()
            return .object { writer in
                writer.member("version", info.version)
                writer.member("ready", false)
                writer.member("reason", "no gateway runs on this data directory")
                AdminAPI.write(counts, to: &writer)
            }
        }
        let figures = await engine.figures()
        return .object { writer in
            writer.member("version", info.version)
            writer.member("pid", Int(info.pid))
            writer.member("boot", info.boot)
            writer.member("address", info.address())
            writer.member("startedAt", info.startedAt.description)
            writer.member("uptimeSeconds", now().since(info.startedAt).components.seconds)
            let reason = AdminAPI.unreadiness(engine, figures)
            writer.member("ready", reason == nil)
            writer.member("reason", reason)
            writer.member("draining", engine.isDraining)
            AdminAPI.write(figures.counts.byState, to: &writer)
            AdminAPI.write(figures, to: &writer)
        }
    }

    private static func unreadiness(_ engine: Engine, _ figures: Figures) -> String? {
        if engine.isDraining { return "the gateway is stopping" }
        guard engine.isReady else { return "the gateway is starting" }
        return figures.storeTrouble.map { "the store takes nothing: \($0)" }
    }

    private static func write(_ counts: [JobState: Int], to writer: inout JSONWriter) {
        writer.member(
            "jobs",
            object: { writer in
                for state in JobState.allCases { writer.member(state.rawValue, counts[state] ?? 0) }
            }
        )
    }

    private static func write(_ figures: Figures, to writer: inout JSONWriter) {
        writer.member("streams", figures.streams)
        writer.member(
            "waiting",
            object: { writer in
                for reason in WaitReason.allCases {
                    if let count = figures.waiting[reason] { writer.member(reason.rawValue, count) }
                }
            }
        )
        writer.objects("slowest", figures.slowest) { run, writer in
            writer.member("id", run.job.description)
            writer.member("row", run.row)
            writer.member("runningSeconds", run.outFor.components.seconds)
        }
        writer.member("groups", array: { array in for group in figures.groups { write(group, to: &array) } })
        writer.member("rows", array: { array in for row in figures.rows { write(standing: row, to: &array) } })
        writer.member(
            "store",
            object: { writer in
                writer.member("up", figures.storeTrouble == nil)
                writer.member("trouble", figures.storeTrouble)
                writer.member("bytes", figures.disk?.used)
                writer.member("freeBytes", figures.disk?.free)
            }
        )
        writer.member(
            "budgets",
            array: { array in
                for budget in figures.budgets.sorted(by: { $0.ratio > $1.ratio }) {
                    write(budget, figures.owners, to: &array)
                }
            }
        )
        writer.member(
            "endingTokens",
            array: { array in
                for token in figures.endingTokens {
                    array.object { writer in
                        writer.member("id", token.id.rawValue)
                        writer.member("name", token.name)
                        writer.owner(token.owner, figures.owners)
                        writer.member("expiresAt", token.expiresAt?.description)
                    }
                }
            }
        )
    }

    private static func write(_ group: GroupFigures, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("lane", group.group.lane.rawValue)
            writer.member("type", group.group.operation.rawValue)
            writer.member("format", group.group.format.rawValue)
            writer.member(
                "models",
                array: { array in
                    for model in ModelRoute(text: group.group.route).models { array.value(model) }
                }
            )
            writer.member("queued", group.queued)
            writer.member("reason", group.reason.rawValue)
            writer.member("waitingFor", group.detail)
            writer.member("until", group.until?.description)
            writer.member("dueForSeconds", group.dueFor?.components.seconds)
        }
    }

    private static func write(standing row: RowStatus, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", row.name)
            writer.member(
                "state",
                array: { array in
                    for condition in RowCondition.allCases where row.conditions.contains(condition) {
                        array.value(condition.rawValue)
                    }
                }
            )
            writer.member("running", row.running)
            writer.member("allowed", row.allowed)
            writer.member("waiting", row.waiting)
        }
    }

    private static func write(_ budget: BudgetFigures, _ owners: [OwnerID: String], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.owner(budget.owner, owners)
            writer.member("usedPercent", Int(budget.ratio * 100))
            writer.member("budgetUSD", Money(nanoUSD: budget.amount).description)
            writer.member("spentUSD", Money(nanoUSD: budget.spent).description)
            writer.member("heldUSD", Money(nanoUSD: budget.held).description)
            writer.member("windowEnd", budget.ends?.description)
        }
    }
}
