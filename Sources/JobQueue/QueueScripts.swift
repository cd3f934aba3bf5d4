package import Redis

/// The Lua scripts, built into the program. Each is sent with `common.lua` and `ending.lua` in front
/// and `close.lua` behind, and called by its hash, so that two versions can run side by side while a fleet is upgraded.
package enum QueueScripts {
    static let submit = script("submit", PackageResources.submit_lua, flags: "")
    static let claim = script("claim", PackageResources.claim_lua)
    static let renew = script("renew", PackageResources.renew_lua)
    package static let settle = script("settle", PackageResources.settle_lua)
    static let read = script("read", PackageResources.read_lua)
    static let body = script("body", PackageResources.body_lua)
    static let server = script("server", PackageResources.server_lua)
    static let announce = script("announce", PackageResources.announce_lua)
    static let cancel = script("cancel", PackageResources.cancel_lua)
    static let retry = script("retry", PackageResources.retry_lua)
    static let delete = script("delete", PackageResources.delete_lua)
    static let append = script("append", PackageResources.append_lua)
    static let follow = script("follow", PackageResources.follow_lua)
    static let pause = script("pause", PackageResources.pause_lua)
    static let list = script("list", PackageResources.list_lua)

    /// - Parameter flags: a full server refuses new jobs before the script starts; those that it has must go on, or they
    ///   would never leave it.
    private static func script(_ name: String, _ source: [UInt8], flags: String = "flags=allow-oom") -> RedisScript {
        script(name, [source], flags: flags)
    }

    /// A script of the outbox.
    static func webhooks(_ name: String, _ source: [UInt8]) -> RedisScript {
        script(name, [PackageResources.webhooks_lua, source], flags: "flags=allow-oom")
    }

    private static func script(_ name: String, _ sources: [[UInt8]], flags: String) -> RedisScript {
        let parts = [PackageResources.common_lua, PackageResources.ending_lua] + sources + [PackageResources.close_lua]
        let text = String(decoding: parts.joined(), as: UTF8.self)
        return RedisScript(name: name, source: "#!lua \(flags)\n" + text)
    }
}
