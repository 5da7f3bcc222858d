package dev.sallyport.auth.api;

import dev.sallyport.pki.TlsIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The listener's key and certificate of the moment. A handshake takes one name for the pair and
/// asks for both by it, so one that is replaced in between gives no mixture.
final class ListenerKey extends X509ExtendedKeyManager {
  /// How many replaced ones a handshake may still ask for.
  private static final int KEPT = 4;

  private final Supplier<TlsIdentity> identity;
  private final Map<String, TlsIdentity> byAlias = new ConcurrentHashMap<>();

  ListenerKey(Supplier<TlsIdentity> identity) {
    this.identity = identity;
  }

  @Override
  public String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    var now = identity.get();
    var alias = now.leaf().getSerialNumber().toString(Character.MAX_RADIX);
    if (!byAlias.containsKey(alias) && byAlias.size() >= KEPT) {
      byAlias.clear();
    }
    byAlias.put(alias, now);
    return alias;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var known = byAlias.get(alias);
    return known == null ? null : known.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var known = byAlias.get(alias);
    return known == null ? null : known.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
