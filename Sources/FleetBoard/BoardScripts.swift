import Redis

/// The Lua scripts, built into the program; `exchange` from its three parts.
enum BoardScripts {
    static let exchange = RedisScript(name: "exchange", source: source)

    static let drain = RedisScript(
        name: "drain", source: allowed + String(decoding: PackageResources.drain_lua, as: UTF8.self))

    /// A full server must not stop it: what a process did not learn of closed gates, it would find out by calls.
    private static let allowed = "#!lua flags=allow-oom\n"

    private static let source =
        allowed
        + String(
            decoding: PackageResources.endpoint_lua + PackageResources.says_lua + PackageResources.exchange_lua,
            as: UTF8.self)
}
