import ServiceLifecycle
package import SluiceTokens

/// Writes down when API tokens were used, once a minute and at the end, and ends what is open when their time is over.
package struct TokenHousekeeping: Service {
    private let tokens: TokenService

    package init(_ tokens: TokenService) {
        self.tokens = tokens
    }

    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cancelWhenGracefulShutdown { await tokens.watchEnds() } }
            await cancelWhenGracefulShutdown { await tokens.run() }
            group.cancelAll()
        }
    }
}
