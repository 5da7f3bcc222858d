package dev.sallyport.launcher;

import dev.sallyport.resources.config.TeleportFile;

/// Which services one process runs, of the combinations that this version can.
enum ServiceSet {
  /// Auth and Proxy: a cluster.
  CLUSTER,
  /// Auth, Proxy and a Database Service next to them.
  CLUSTER_WITH_DATABASES,
  /// An Auth Service whose Proxy is elsewhere.
  AUTH,
  /// A Proxy Service that joins an Auth Service elsewhere.
  PROXY,
  /// A Database Service that joins a cluster elsewhere.
  DATABASES;

  /// The set that a file asks for.
  static ServiceSet of(TeleportFile file) throws StartFailure {
    boolean auth = file.auth().isPresent();
    boolean proxy = file.proxy().isPresent();
    boolean databases = file.db().isPresent();
    if (proxy && !auth) {
      if (databases) {
        throw new StartFailure(
            "db_service: next to proxy_service it needs auth_service in the same file; or run it"
                + " in a process of its own with teleport.proxy_server");
      }
      return PROXY;
    }
    if (auth && databases && !proxy) {
      throw new StartFailure(
          "db_service: next to auth_service it needs proxy_service in the same file; or run it"
              + " in a process of its own with teleport.proxy_server");
    }
    if (!auth) {
      return DATABASES;
    }
    return databases ? CLUSTER_WITH_DATABASES : proxy ? CLUSTER : AUTH;
  }
}
