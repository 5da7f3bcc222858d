package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.InvalidIdentity;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.cluster.UserCluster;
import dev.sallyport.tsh.cluster.UserFactors;

/// The second factors of the user of the present login.
final class MfaSession implements AutoCloseable {
  private final Tsh tsh;
  private final ProxyAddress proxy;
  private final String user;
  private final UserCluster cluster;

  private MfaSession(Tsh tsh, ProxyAddress proxy, String user, UserCluster cluster) {
    this.tsh = tsh;
    this.proxy = proxy;
    this.user = user;
    this.cluster = cluster;
  }

  static MfaSession open(Tsh tsh) {
    var source = tsh.login();
    var login = LiveLogin.of(tsh, source);
    return new MfaSession(
        tsh, source.proxy(), user(login), tsh.clusters().open(source.proxy(), login));
  }

  /// Whose login it is.
  static String user(IdentityFile login) {
    try {
      if (ClaimedIdentity.of(login.identity().leaf()).identity() instanceof UserIdentity user) {
        return user.user();
      }
    } catch (InvalidIdentity e) {
      throw new CommandFailure("the login cannot be read: " + e.getMessage(), e);
    }
    throw new CommandFailure("the login is not that of a user");
  }

  UserFactors factors() {
    return cluster.factors();
  }

  ProxyAddress proxy() {
    return proxy;
  }

  /// Has the user prove who they are once more.
  MfaProof proof(String reason) {
    return new FactorPrompt(tsh, proxy).ask(factors(), user, reason);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
