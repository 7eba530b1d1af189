import Logging
import SluiceMoney
import SluiceProvider
package import SluiceStore

extension Engine {
    /// Takes the prices that were set at run time.
    ///
    /// - Throws: ``StoreError``.
    func loadPrices() async throws(StoreError) {
        let settings = try await store.setPrices()
        for fault in prices.set(settings) {
            logger.warning("a price that was set can't be read, and is none", metadata: ["fault": "\(fault)"])
        }
    }

    /// Whether a row's calls of a model have a price, as long as none is set.
    package func knowsPrice(of model: String, at provider: String) -> Bool {
        guard let row = switchboard.rows.first(where: { $0.name == provider }) else { return false }
        return prices.hasOwnPrice(model, of: row)
    }

    /// Sets a price for what begins from now on, and looks again at what waits for one.
    ///
    /// - Throws: ``StoreError``.
    package func setPrice(_ setting: PriceSetting, audit: AuditEntry) async throws(StoreError) {
        try await store.setPrice(setting, audit: audit)
        try await loadPrices()
        try await wakeWaiting()
    }

    /// The same, while nobody waits for it: a store that can't write now costs a delay, and no start.
    func lookAgain() {
        Task { [self] in
            do throws(StoreError) { try await wakeWaiting() } catch {
                guard error.code != .closed else { return }
                logger.warning("jobs that wait for a price were not looked at again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Looks again at what waits for ever, since a limit or a price lets it not pass.
    ///
    /// - Throws: ``StoreError``.
    func wakeWaiting() async throws(StoreError) {
        let groups = treasury.openAll()
        guard try await store.wake(at: time.now()) > 0 || !groups.isEmpty else { return }
        try await noteGroups()
        switchboard.doorbell.ring()
    }
}
