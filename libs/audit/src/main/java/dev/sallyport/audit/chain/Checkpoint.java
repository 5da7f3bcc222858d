package dev.sallyport.audit.chain;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;

/// An agent's word for a place in its chain, signed with its host key (ECDSA on P-256 over
/// SHA-256). All parts are text, so that its form in a file, on the wire and in a table is the
/// same.
///
/// A signature proves nothing by itself: whoever relies on it checks that the certificate is of the
/// cluster's host authority, has the system role Db and names this agent, then [#isSignedBy] with
/// its key.
///
/// @param agent the agent's host id
/// @param epoch which of its chains
/// @param sequence the last record that it covers
/// @param hash the chain's hash there, as [ChainHash#hex] writes it
/// @param time when it was signed, by the agent's clock, to the millisecond
/// @param certificate the agent's host certificate, DER in Base64
/// @param signature over the parts above but the certificate, DER in Base64
public record Checkpoint(
    String agent,
    String epoch,
    long sequence,
    String hash,
    Instant time,
    String certificate,
    String signature) {

  /// Longest certificate or signature in Base64.
  public static final int TEXT_LENGTH_MAX = 32 * 1024;

  private static final String DOMAIN = "sallyport-audit-checkpoint-1\n";
  private static final String ALGORITHM = "SHA256withECDSA";

  /// Refuses what is no place in a chain.
  public Checkpoint {
    new ChainLink(new ChainId(agent, epoch), sequence, ChainHash.parse(hash));
    if (certificate.length() > TEXT_LENGTH_MAX || signature.length() > TEXT_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "checkpoint: certificate or signature is too long (expected: at most "
              + TEXT_LENGTH_MAX
              + " characters)");
    }
  }

  /// Signs a place.
  public static Checkpoint sign(
      ChainLink link, Instant time, PrivateKey key, X509Certificate certificate) {
    Instant signed = Instant.ofEpochMilli(time.toEpochMilli());
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(content(link, signed));
      Base64.Encoder base64 = Base64.getEncoder();
      return new Checkpoint(
          link.chain().agent(),
          link.chain().epoch(),
          link.sequence(),
          link.hash().hex(),
          signed,
          base64.encodeToString(certificate.getEncoded()),
          base64.encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the host key cannot sign a checkpoint", e);
    }
  }

  /// The place that it speaks of.
  public ChainLink link() {
    return new ChainLink(new ChainId(agent, epoch), sequence, ChainHash.parse(hash));
  }

  /// The certificate that came with it; whether it counts is for the caller to check.
  ///
  /// @throws CertificateException if it is none
  public X509Certificate x509() throws CertificateException {
    byte[] der;
    try {
      der = Base64.getDecoder().decode(certificate);
    } catch (IllegalArgumentException e) {
      throw new CertificateException("the certificate of a checkpoint is no Base64", e);
    }
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /// Whether the holder of this key signed exactly this.
  public boolean isSignedBy(PublicKey key) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(content(link(), time));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] content(ChainLink link, Instant time) {
    String text =
        DOMAIN
            + link.chain().agent()
            + "\n"
            + link.chain().epoch()
            + "\n"
            + link.sequence()
            + "\n"
            + link.hash().hex()
            + "\n"
            + time.toEpochMilli()
            + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
