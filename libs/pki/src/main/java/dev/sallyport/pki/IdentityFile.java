package dev.sallyport.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// All that a program needs to act as somebody, in one file: a private key, its certificate, and
/// the host authorities of the cluster. It is a secret.
///
/// Only the dialling side uses it, so it holds no user authorities.
public record IdentityFile(TlsIdentity identity, TrustBundle trust) {
  /// The longest identity file, in bytes.
  public static final int MAX_BYTES = 128 * 1024;

  /// Refuses a certificate of one cluster with the authorities of another.
  public IdentityFile {
    if (trust.hostAuthorities().isEmpty()) {
      throw new IllegalArgumentException("an identity file needs the cluster's host authorities");
    }
    try {
      var cluster = ClaimedIdentity.of(identity.leaf()).identity().clusterName();
      if (!cluster.equals(trust.clusterName())) {
        throw new IllegalArgumentException(
            "the certificate is of cluster '"
                + cluster
                + "', the authorities of '"
                + trust.clusterName()
                + "'");
      }
    } catch (InvalidIdentity e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// Reads a file that [#write] wrote.
  public static IdentityFile read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PemException("it is longer than " + MAX_BYTES + " bytes");
      }
      return parse(Files.readString(file));
    } catch (PemException e) {
      throw new PemException("identity file " + file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new IOException("identity file " + file + " does not exist", e);
    }
  }

  /// Reads the text of an identity file.
  public static IdentityFile parse(String text) throws PemException {
    var blocks = Pem.blocks(text);
    if (blocks.size() < 3) {
      throw new PemException("expected a private key, its certificate and the host authorities");
    }
    var key = Pem.privateKey(blocks.getFirst());
    var leaf = certificate(blocks.get(1));
    var authorities = new ArrayList<X509Certificate>();
    for (var block : blocks.subList(2, blocks.size())) {
      authorities.add(certificate(block));
    }
    try {
      var cluster = TrustBundle.authority(authorities.getFirst()).clusterName();
      return new IdentityFile(
          new TlsIdentity(key, List.of(leaf)), TrustBundle.ofHosts(cluster, authorities));
    } catch (InvalidIdentity e) {
      throw new PemException("not a host authority: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new PemException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Writes the file with mode 0600.
  public void write(Path file) throws IOException {
    PrivateFile.write(file, text());
  }

  /// The file's text: a secret.
  public String text() {
    return "# Whoever holds this file acts as its owner until the certificate ends, "
        + identity.leaf().getNotAfter().toInstant()
        + ".\n"
        + Pem.encode(identity.key())
        + Pem.encode(identity.leaf())
        + "# Authorities of cluster "
        + trust.clusterName()
        + "\n"
        + Pem.encode(trust.hostAuthorities());
  }

  @Override
  public String toString() {
    return "IdentityFile[" + identity + ", cluster " + trust.clusterName() + "]";
  }

  private static X509Certificate certificate(Pem.Block block) throws PemException {
    if (!block.label().equals(Pem.CERTIFICATE)) {
      throw new PemException("expected a certificate, found a block '" + block.label() + "'");
    }
    return Pem.certificate(block.der());
  }
}
