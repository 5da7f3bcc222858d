package dev.sallyport.pki;

import dev.sallyport.model.SystemRole;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// What a Proxy signs so that the Auth Service believes it where a client of a passed-on connection
/// is: the address and port that the Proxy saw, and when, under the Proxy's host key. It proves
/// nothing about who the client is.
///
/// It travels in the extension [#TLV] of a PROXY protocol header (version 2, §2.2.7 of its text),
/// as `version (1) | unix seconds (8) | length of certificate (2) | certificate (DER) | signature`.
/// Whoever reads the connection between Proxy and Auth can use a proof again from elsewhere, for
/// [#VALIDITY].
public final class ClientAddressProof {
  /// The type of the extension, of those that the protocol leaves to applications.
  public static final int TLV = 0xE7;

  /// How far the Proxy's clock and ours may be apart, the time on the way included.
  public static final Duration VALIDITY = Duration.ofMinutes(1);

  /// The largest proof that is read, in bytes.
  public static final int MAX_BYTES = 3072;

  private static final byte VERSION = 1;
  private static final int FIXED = 1 + Long.BYTES + Short.BYTES;
  private static final byte[] PURPOSE =
      "sallyport client address 1\0".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "SHA256withECDSA";

  private ClientAddressProof() {}

  /// Signs an address.
  ///
  /// @param client resolved
  /// @param proxy a host certificate in the role Proxy with its key
  /// @throws IllegalArgumentException if the address is not resolved
  public static byte[] of(InetSocketAddress client, TlsIdentity proxy, Instant now) {
    try {
      var certificate = proxy.leaf().getEncoded();
      var signature = signature(client, now.getEpochSecond(), proxy.key());
      return ByteBuffer.allocate(FIXED + certificate.length + signature.length)
          .put(VERSION)
          .putLong(now.getEpochSecond())
          .putShort((short) certificate.length)
          .put(certificate)
          .put(signature)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't sign with the key of a host", e);
    }
  }

  /// Checks what was received with the address that it is said to prove.
  ///
  /// @return the Proxy that signed it; whether it still belongs to the cluster is the caller's to
  ///   look up
  public static Verification<VerifiedHost> check(
      byte[] proof, InetSocketAddress client, IdentityVerifier verifier, InstantSource clock) {
    if (proof.length > MAX_BYTES || client.isUnresolved()) {
      return new Verification.Refused<>("the proof of a client's address is malformed");
    }
    try {
      return checked(ByteBuffer.wrap(proof), client, verifier, clock);
    } catch (BufferUnderflowException | GeneralSecurityException e) {
      return new Verification.Refused<>("the proof of a client's address is malformed");
    }
  }

  private static Verification<VerifiedHost> checked(
      ByteBuffer proof, InetSocketAddress client, IdentityVerifier verifier, InstantSource clock)
      throws GeneralSecurityException {
    if (proof.get() != VERSION) {
      return new Verification.Refused<>("the proof of a client's address is of another version");
    }
    long seconds = proof.getLong();
    var certificate = certificate(bytes(proof, Short.toUnsignedInt(proof.getShort())));
    var signature = bytes(proof, proof.remaining());
    var host = verifier.host(List.of(certificate), Set.of(SystemRole.PROXY));
    if (host instanceof Verification.Refused<VerifiedHost>) {
      return host;
    }
    long apart = Math.abs(Math.subtractExact(clock.instant().getEpochSecond(), bounded(seconds)));
    if (apart > VALIDITY.toSeconds()) {
      return new Verification.Refused<>(
          "the proof of a client's address is from another time: %d s apart".formatted(apart));
    }
    var verification = Signature.getInstance(ALGORITHM);
    verification.initVerify(certificate);
    feed(verification, client, seconds);
    return verification.verify(signature)
        ? host
        : new Verification.Refused<>("the proof of a client's address is for another address");
  }

  /// Keeps sums in range, whatever was sent.
  private static long bounded(long seconds) {
    return Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
  }

  private static byte[] bytes(ByteBuffer from, int length) {
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    var read = CertificateFactory.getInstance("X.509");
    return (X509Certificate) read.generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] signature(InetSocketAddress client, long seconds, PrivateKey key)
      throws GeneralSecurityException {
    if (client.isUnresolved()) {
      throw new IllegalArgumentException("address: " + client + " (expected: resolved)");
    }
    var signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    feed(signature, client, seconds);
    return signature.sign();
  }

  private static void feed(Signature signature, InetSocketAddress client, long seconds)
      throws GeneralSecurityException {
    var address = client.getAddress().getAddress();
    signature.update(PURPOSE);
    signature.update((byte) address.length);
    signature.update(address);
    signature.update(
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
            .putInt(client.getPort())
            .putLong(seconds)
            .array());
  }
}
