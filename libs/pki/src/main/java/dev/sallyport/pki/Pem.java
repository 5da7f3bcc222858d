package dev.sallyport.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// The text form of certificates and keys (RFC 7468), read strictly: only the expected blocks,
/// blank lines and lines that begin with `#` between them, canonical base64, DER without anything
/// after its end. Every input is bounded by [#MAX_TEXT].
public final class Pem {
  /// The longest text that is read, in characters.
  public static final int MAX_TEXT = 1 << 20;

  /// The most blocks that one text may hold.
  public static final int MAX_BLOCKS = 64;

  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String PUBLIC_KEY = "PUBLIC KEY";

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /// One block: its label and its bytes.
  static final class Block {
    private final String label;
    private final byte[] der;

    Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }

    String label() {
      return label;
    }

    byte[] der() {
      return der;
    }
  }

  /// A certificate as one block.
  public static String encode(X509Certificate certificate) {
    try {
      return block(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("the certificate has no encoding", e);
    }
  }

  /// Certificates as blocks, in their order.
  public static String encode(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    certificates.forEach(certificate -> text.append(encode(certificate)));
    return text.toString();
  }

  /// A private key as one PKCS #8 block. The caller keeps the text secret.
  public static String encode(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  /// A public key as one SPKI block.
  public static String encode(PublicKey key) {
    return block(PUBLIC_KEY, key.getEncoded());
  }

  /// The only certificate of the text.
  public static X509Certificate certificate(String text) throws PemException {
    var all = certificates(text);
    if (all.size() != 1) {
      throw new PemException("expected one certificate, found " + all.size());
    }
    return all.getFirst();
  }

  /// All certificates of the text; at least one, and nothing else than certificates.
  public static List<X509Certificate> certificates(String text) throws PemException {
    var found = new ArrayList<X509Certificate>();
    for (var block : blocks(text)) {
      if (!block.label().equals(CERTIFICATE)) {
        throw new PemException("expected only certificates, found a block '" + block.label() + "'");
      }
      found.add(certificate(block.der()));
    }
    if (found.isEmpty()) {
      throw new PemException("no certificate found (expected '-----BEGIN CERTIFICATE-----')");
    }
    return List.copyOf(found);
  }

  /// The only private key of the text: PKCS #8, EC or RSA.
  public static PrivateKey privateKey(String text) throws PemException {
    var blocks = blocks(text);
    // OpenSSL writes the curve of a key in a block of its own before it.
    var keys = blocks.stream().filter(block -> !block.label().equals("EC PARAMETERS")).toList();
    if (keys.size() != 1) {
      throw new PemException("expected one private key, found " + keys.size() + " blocks");
    }
    return privateKey(keys.getFirst());
  }

  /// The only public key of the text, which must be a point of P-256.
  public static PublicKey publicKey(String text) throws PemException {
    var blocks = blocks(text);
    if (blocks.size() != 1 || !blocks.getFirst().label().equals(PUBLIC_KEY)) {
      throw new PemException("expected one block 'PUBLIC KEY'");
    }
    try {
      var der = blocks.getFirst().der();
      var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      if (!KeyPairs.isP256(key) || !Arrays.equals(key.getEncoded(), der)) {
        throw new PemException("the public key is not an ECDSA key on the curve P-256");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new PemException("the public key is not an ECDSA key on the curve P-256", e);
    }
  }

  static PrivateKey privateKey(Block block) throws PemException {
    if (block.label().endsWith(" " + PRIVATE_KEY)) {
      throw new PemException(
          "a key in the form '"
              + block.label()
              + "' is not read; convert it: openssl pkcs8 -topk8 -nocrypt -in old.key -out"
              + " new.key");
    }
    if (!block.label().equals(PRIVATE_KEY)) {
      throw new PemException("expected a private key, found a block '" + block.label() + "'");
    }
    var spec = new PKCS8EncodedKeySpec(block.der());
    for (var algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // Not of that algorithm: the next one may read it.
      }
    }
    throw new PemException("the private key is neither an EC nor an RSA key, or is damaged");
  }

  /// The certificate of exactly these bytes.
  static X509Certificate certificate(byte[] der) throws PemException {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var parsed = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(parsed.getEncoded(), der)) {
        throw new PemException("there is something after the end of the certificate");
      }
      return parsed;
    } catch (CertificateException | RuntimeException e) {
      throw new PemException("this is not an X.509 certificate, or it is damaged", e);
    }
  }

  static List<Block> blocks(String text) throws PemException {
    if (text.length() > MAX_TEXT) {
      throw new PemException("the text is longer than " + MAX_TEXT + " characters");
    }
    var blocks = new ArrayList<Block>();
    var lines = text.lines().iterator();
    int number = 0;
    while (lines.hasNext()) {
      var line = lines.next().strip();
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(BEGIN) || !line.endsWith(DASHES)) {
        throw new PemException("line " + number + ": expected '-----BEGIN …-----'");
      }
      if (blocks.size() == MAX_BLOCKS) {
        throw new PemException("line " + number + ": more than " + MAX_BLOCKS + " blocks");
      }
      var label = line.substring(BEGIN.length(), Math.max(BEGIN.length(), line.length() - 5));
      var body = new StringBuilder();
      var begin = number;
      var ended = false;
      while (!ended && lines.hasNext()) {
        var next = lines.next().strip();
        number++;
        ended = next.equals(END + label + DASHES);
        if (!ended) {
          body.append(next);
        }
      }
      if (!ended || label.isBlank()) {
        throw new PemException("line " + begin + ": this block has no matching end");
      }
      blocks.add(new Block(label, decode(body.toString(), begin)));
    }
    return blocks;
  }

  private static byte[] decode(String body, int line) throws PemException {
    try {
      var der = Base64.getDecoder().decode(body.getBytes(StandardCharsets.US_ASCII));
      if (der.length == 0 || !Base64.getEncoder().encodeToString(der).equals(body)) {
        throw new PemException("line " + line + ": this block's base64 is empty or not canonical");
      }
      return der;
    } catch (IllegalArgumentException e) {
      throw new PemException("line " + line + ": this block is not base64", e);
    }
  }

  private static String block(String label, byte[] der) {
    return BEGIN
        + label
        + DASHES
        + "\n"
        + LINES.encodeToString(der)
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }
}
