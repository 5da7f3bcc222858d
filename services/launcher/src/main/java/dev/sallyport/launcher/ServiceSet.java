package dev.sallyport.launcher;

import dev.sallyport.resources.config.TeleportFile;

/// Which services one process runs, of the combinations that this version can.
enum ServiceSet {
  /// Auth and Proxy: a cluster.
  CLUSTER,
  /// Auth, Proxy and a Database Service next to them.
  CLUSTER_WITH_DATABASES,
  /// A Database Service that joins a cluster elsewhere.
  DATABASES;

  /// The set that a file asks for.
  static ServiceSet of(TeleportFile file) throws StartFailure {
    boolean auth = file.auth().isPresent();
    boolean proxy = file.proxy().isPresent();
    boolean databases = file.db().isPresent();
    if (proxy && !auth) {
      throw new StartFailure(
          "proxy_service: this version runs the Proxy and the Auth Service in one process; enable"
              + " auth_service in the same file, and remove auth_server");
    }
    if (auth && databases && !proxy) {
      throw new StartFailure(
          "db_service: next to auth_service it needs proxy_service in the same file; or run it"
              + " in a process of its own with teleport.proxy_server");
    }
    if (auth) {
      return databases ? CLUSTER_WITH_DATABASES : CLUSTER;
    }
    return DATABASES;
  }

  /// Whether this process is the cluster.
  boolean isCluster() {
    return this != DATABASES;
  }

  /// Whether it serves databases.
  boolean hasDatabases() {
    return this != CLUSTER;
  }
}
