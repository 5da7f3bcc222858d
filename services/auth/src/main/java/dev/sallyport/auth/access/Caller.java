package dev.sallyport.auth.access;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.VerifiedHost;
import dev.sallyport.pki.VerifiedUser;
import java.security.PublicKey;

/// Who makes a call, as their verified client certificate says.
public sealed interface Caller {
  /// How audit events and messages name the caller.
  String name();

  /// A user with a sign-in certificate: judged by the rules of their roles.
  record Person(VerifiedUser user) implements Caller {
    @Override
    public String name() {
      return user.identity().user();
    }
  }

  /// A browser that a user signed in with: may do what the web UI needs, see [Access#WEB].
  record Web(VerifiedUser user) implements Caller {
    @Override
    public String name() {
      return user.identity().user();
    }
  }

  /// A user with a database certificate: may talk to that database, and to nothing here.
  record RouteHolder(VerifiedUser user) implements Caller {
    @Override
    public String name() {
      return user.identity().user();
    }
  }

  /// A service of the cluster, in one system role.
  record Part(VerifiedHost host) implements Caller {
    @Override
    public String name() {
      return host.identity().fullName();
    }

    /// Its system role.
    public SystemRole role() {
      return host.identity().role();
    }
  }

  /// The administrator of the Auth host: above the rules.
  record Admin(VerifiedHost host) implements Caller {
    @Override
    public String name() {
      return host.identity().fullName();
    }
  }

  /// A host that is not one of the cluster yet, with a
  /// [dev.sallyport.pki.authority.JoinCertificate]: may join with a token, and nothing else.
  ///
  /// @param key that it proved to hold
  record Joining(PublicKey key) implements Caller {
    @Override
    public String name() {
      return "unauthenticated";
    }
  }
}
