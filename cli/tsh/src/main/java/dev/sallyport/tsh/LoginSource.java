package dev.sallyport.tsh;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.TrustBundle;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A login that may be replaced while a command runs, since the user can sign in again in another
/// terminal; and whose cluster may change the keys of its authorities meanwhile. Safe from any
/// thread.
public final class LoginSource {
  private final ProxyAddress proxy;
  private final Supplier<IdentityFile> stored;
  private final String remedy;
  private final Consumer<TrustBundle> keep;
  private volatile @Nullable Learned learned;

  /// @param instead of what the login on disk says
  private record Learned(TrustBundle instead, TrustBundle trust) {}

  /// @param stored reads it anew; throws `CommandFailure` when there is none
  /// @param remedy what the user does when it has ended
  /// @param keep where authorities that were learned are kept for the next command
  public LoginSource(
      ProxyAddress proxy,
      Supplier<IdentityFile> stored,
      String remedy,
      Consumer<TrustBundle> keep) {
    this.proxy = proxy;
    this.stored = stored;
    this.remedy = remedy;
    this.keep = keep;
  }

  /// The Proxy that it is for.
  public ProxyAddress proxy() {
    return proxy;
  }

  /// Reads it anew.
  public Supplier<IdentityFile> current() {
    return this::read;
  }

  /// What the user does when it has ended.
  public String remedy() {
    return remedy;
  }

  private IdentityFile read() {
    var login = stored.get();
    return Optional.ofNullable(learned)
        .filter(known -> known.instead().equals(login.trust()))
        .map(known -> new IdentityFile(login.identity(), known.trust()))
        .orElse(login);
  }

  /// The Auth Service, which was known by the authorities of before, said which ones sign for hosts
  /// now. They count from now on, as long as nobody signs in anew.
  public void learn(TrustBundle now) {
    var login = stored.get();
    var known = read().trust();
    if (now.equals(known)
        || now.hostAuthorities().isEmpty()
        || !now.clusterName().equals(known.clusterName())) {
      return;
    }
    learned = new Learned(login.trust(), now);
    keep.accept(now);
  }
}
