/// Whoever is to know what happens: metrics, traces, a page.
///
/// It is called where the thing happens, on the store's thread and on those of calls: it takes a value in and returns.
package protocol Observer: Sendable {
    func note(_ observed: Observed)
}
