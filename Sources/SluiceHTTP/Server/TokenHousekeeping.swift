import ServiceLifecycle
package import SluiceTokens

/// Writes down when API tokens were used, once a minute and at the end.
package struct TokenHousekeeping: Service {
    private let tokens: TokenService

    package init(_ tokens: TokenService) {
        self.tokens = tokens
    }

    package func run() async {
        await cancelWhenGracefulShutdown { await tokens.run() }
    }
}
