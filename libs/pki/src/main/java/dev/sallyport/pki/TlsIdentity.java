package dev.sallyport.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// What one end shows in a TLS handshake: its key and its certificates, leaf first. The cluster's
/// hosts send their authority after the leaf, so that a peer which knows only its pin can check it.
///
/// The constructor refuses a key that does not belong to the leaf. Printing shows no key.
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
  /// The longest chain that is taken, as an operator's public certificate may have it.
  public static final int MAX_CHAIN = 10;

  /// Checks that the parts belong together.
  public TlsIdentity {
    chain = List.copyOf(chain);
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      throw new IllegalArgumentException(
          "a chain has 1 to " + MAX_CHAIN + " certificates, not " + chain.size());
    }
    if (!KeyPairs.belongTogether(key, chain.getFirst().getPublicKey())) {
      throw new IllegalArgumentException(
          "the private key does not belong to the certificate of "
              + chain.getFirst().getSubjectX500Principal());
    }
  }

  /// The certificate that names the holder.
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /// Whether this authority signed the leaf.
  public boolean isIssuedBy(X509Certificate authority) {
    try {
      leaf().verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + leaf().getSubjectX500Principal() + "]";
  }
}
