import Redis

/// The Lua script, built into the program from its three parts.
enum BoardScripts {
    static let exchange = RedisScript(name: "exchange", source: source)

    /// A full server must not stop it: what a process did not learn of closed gates, it would find out by calls.
    private static let source =
        "#!lua flags=allow-oom\n"
        + String(
            decoding: PackageResources.endpoint_lua + PackageResources.says_lua + PackageResources.exchange_lua,
            as: UTF8.self)
}
