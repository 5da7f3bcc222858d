package dev.sallyport.pki.authority;

import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/// A message of PKCS #7 (RFC 5652) with its content inside, signed once by RSA with SHA-256. It is
/// verified by a certificate that the caller knows; those in the message count for nothing.
public final class SignedContent {
  /// The longest message, in bytes.
  public static final int LENGTH_MAX = 16_384;

  private static final int KEY_BITS_MIN = 2_048;
  private static final Set<String> RSA =
      Set.of(
          PKCSObjectIdentifiers.rsaEncryption.getId(),
          PKCSObjectIdentifiers.sha256WithRSAEncryption.getId());

  private final byte[] content;
  private final List<SignerInformation> signers;

  private SignedContent(byte[] content, List<SignerInformation> signers) {
    this.content = content;
    this.signers = signers;
  }

  /// Reads a message; nothing if it is none of the kind.
  public static Optional<SignedContent> parse(byte[] der) {
    if (der.length > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      var message = new CMSSignedData(der);
      return message.getSignedContent() instanceof CMSProcessableByteArray inside
              && inside.getContent() instanceof byte[] content
          ? Optional.of(
              new SignedContent(
                  content.clone(), List.copyOf(message.getSignerInfos().getSigners())))
          : Optional.empty();
    } catch (CMSException | RuntimeException e) {
      // The library tells some malformed messages by whatever it stumbled over.
      return Optional.empty();
    }
  }

  /// What it says, whoever signed it: to find out whose certificate is needed, and for nothing
  /// else.
  public byte[] unverified() {
    return content.clone();
  }

  /// What it says, if this certificate's key signed it.
  public Optional<byte[]> verified(X509Certificate by) {
    if (signers.size() != 1
        || !(by.getPublicKey() instanceof RSAPublicKey key)
        || key.getModulus().bitLength() < KEY_BITS_MIN) {
      return Optional.empty();
    }
    try {
      var signer = signers.getFirst();
      return isSha256WithRsa(signer)
              && signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(key))
          ? Optional.of(content.clone())
          : Optional.empty();
    } catch (CMSException | OperatorCreationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static boolean isSha256WithRsa(SignerInformation signer) {
    return signer.getDigestAlgOID().equals(NISTObjectIdentifiers.id_sha256.getId())
        && RSA.contains(signer.getEncryptionAlgOID());
  }
}
