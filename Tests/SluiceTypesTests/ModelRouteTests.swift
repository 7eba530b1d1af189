import SluiceTypes
import Testing

@Suite("A route")
struct ModelRouteTests {
    @Test("is its model and fallbacks, and keeps them as text")
    func names() {
        let route = ModelRoute("a", fallbacks: ["b", "c"])
        #expect((route.model, route.models, route.fallbacks) == ("a", ["a", "b", "c"], ["b", "c"]))
        #expect(ModelRoute(text: route.text) == route)
        #expect(!route.isBound && route.unbound == route)
        #expect((ModelRoute("a").model, ModelRoute("a").models, ModelRoute("a").fallbacks) == ("a", ["a"], []))
    }

    @Test("that is bound has its model alone, and is none of another's")
    func bound() {
        let route = ModelRoute(boundTo: "a")
        #expect(route.isBound)
        #expect((route.model, route.models, route.fallbacks) == ("a", ["a"], []))
        #expect(route != ModelRoute("a") && route.unbound == ModelRoute("a"))
        #expect(ModelRoute(text: route.text).isBound)
        // Nobody gets it, or gets rid of it, by a name.
        #expect(!ModelRoute.isName(route.text))
    }

    @Test("to another model stays bound where it was, and has no fallbacks")
    func asking() {
        #expect(ModelRoute("a", fallbacks: ["b"]).asking("c") == ModelRoute("c"))
        #expect(ModelRoute(boundTo: "a").asking("c") == ModelRoute(boundTo: "c"))
    }

    @Test("is bound by leave, whatever else is asked for")
    func leave() throws {
        let caller = Caller(
            owner: OwnerID(rawValue: "o"),
            token: TokenID(rawValue: "t"),
            scopes: [],
            models: ["a", "b"]
        )
        let aliases = ModelAliases()
        let allowed = try caller.allow(.chat, model: "a", fallbacks: ["b"], isBound: true, aliases: aliases)
        #expect(allowed.route == ModelRoute(boundTo: "a"))
        #expect(throws: NotAllowed.self) { try caller.allow(.chat, model: "c", isBound: true, aliases: aliases) }
    }
}
