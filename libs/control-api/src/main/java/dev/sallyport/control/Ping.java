package dev.sallyport.control;

/// What the Proxy tells anybody: `GET /webapi/ping`, and `find` with an almost empty `auth`.
public record Ping(
    PingAuth auth,
    PingProxy proxy,
    String serverVersion,
    String minClientVersion,
    String clusterName,
    boolean automaticUpgrades,
    String edition,
    boolean fips) {}
