import HTTPTypes
import Hummingbird
import SluiceTypes

/// `GET /metrics`: what the gateway counts, for whoever collects that.
package struct MetricsAPI: Sendable {
    /// The page as it is now, made from what is in memory.
    package typealias Page = @Sendable () async -> [UInt8]

    let page: Page
    let contentType: String

    /// - Parameters:
    ///   - contentType: the type of the page, as its header field has it.
    ///   - page: makes it.
    package init(contentType: String, _ page: @escaping Page) {
        self.contentType = contentType
        self.page = page
    }

    /// The route; `isOpen` lets everybody in, else it takes an API token with the scope `metrics`.
    func routes(isOpen: Bool) -> [Route] {
        guard isOpen else {
            var route = Route(.get, "/metrics", .metrics) { _, _, _ in await answer() }
            route.outlastsStore = true
            return [route]
        }
        return [Route(.get, "/metrics") { _, _ in await answer() }]
    }

    private func answer() async -> Response {
        var response = Response.json(.ok, await page(), type: contentType)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
