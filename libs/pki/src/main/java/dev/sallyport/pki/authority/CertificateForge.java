package dev.sallyport.pki.authority;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.CertificateClaim;
import dev.sallyport.pki.IdentityExtension;
import dev.sallyport.pki.IdentityVerifier;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Encodes and signs certificates. BouncyCastle writes the DER; the JDK signs. Subject names are
/// for people who look at a certificate: the truth is the identity extension.
final class CertificateForge {
  private static final ASN1ObjectIdentifier IDENTITY =
      new ASN1ObjectIdentifier(IdentityExtension.OID);
  private static final KeyPurposeId WEB_SESSION =
      KeyPurposeId.getInstance(new ASN1ObjectIdentifier(IdentityVerifier.WEB_SESSION));
  private static final int SERIAL_BITS = 126;
  private static final int MAX_NAME = 64;
  private static final int MAX_ORGANIZATIONS = 16;

  private final PrivateKey key;
  private final X509Certificate issuer;
  private final SecureRandom random;

  CertificateForge(PrivateKey key, X509Certificate issuer, SecureRandom random) {
    this.key = key;
    this.issuer = issuer;
    this.random = random;
  }

  static X509Certificate authority(
      KeyPair keys, CertificateClaim.Authority claim, Validity validity, SecureRandom random) {
    var name =
        subject(
            claim.clusterName() + " " + claim.kind().wireName() + " authority",
            List.of(claim.clusterName()));
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial(random),
            Date.from(validity.notBefore()),
            Date.from(validity.notAfter()),
            name,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return sign(builder, claim, keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot encode the authority's certificate", e);
    }
  }

  X509Certificate user(UserIdentity user, PublicKey publicKey, Validity validity) {
    return user(user, publicKey, validity, KeyPurposeId.id_kp_clientAuth);
  }

  X509Certificate webSession(UserIdentity user, PublicKey publicKey, Validity validity) {
    return user(user, publicKey, validity, KeyPurposeId.id_kp_clientAuth, WEB_SESSION);
  }

  private X509Certificate user(
      UserIdentity user, PublicKey publicKey, Validity validity, KeyPurposeId... purposes) {
    var builder = builder(subject(user.user(), user.roles()), publicKey, validity);
    try {
      leaf(builder, purposes);
      return sign(builder, new CertificateClaim.Holder(user), key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot encode the certificate of " + user.user(), e);
    }
  }

  X509Certificate host(
      HostIdentity host,
      PublicKey publicKey,
      Set<String> dnsNames,
      Set<InetAddress> addresses,
      Validity validity) {
    var builder =
        builder(subject(host.fullName(), List.of(host.role().wireName())), publicKey, validity);
    var names = new ArrayList<GeneralName>();
    dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    addresses.forEach(address ->
        names.add(
            new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress()))));
    try {
      leaf(builder, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
      return sign(builder, new CertificateClaim.Holder(host), key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot encode the certificate of " + host.fullName(), e);
    }
  }

  private X509v3CertificateBuilder builder(X500Name name, PublicKey publicKey, Validity validity) {
    return new JcaX509v3CertificateBuilder(
        X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
        serial(random),
        Date.from(validity.notBefore()),
        Date.from(validity.notAfter()),
        name,
        publicKey);
  }

  private void leaf(X509v3CertificateBuilder builder, KeyPurposeId... purposes)
      throws IOException, GeneralSecurityException {
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer));
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder, CertificateClaim claim, PrivateKey key)
      throws IOException, GeneralSecurityException {
    builder.addExtension(
        IDENTITY, false, ASN1Primitive.fromByteArray(IdentityExtension.encode(claim)));
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("this Java cannot sign with ECDSA", e);
    }
  }

  private static X500Name subject(String commonName, List<String> organizations) {
    var name = new X500NameBuilder(BCStyle.INSTANCE);
    organizations.stream()
        .filter(organization -> !organization.isBlank())
        .limit(MAX_ORGANIZATIONS)
        .forEach(organization -> name.addRDN(BCStyle.O, shorten(organization)));
    return name.addRDN(BCStyle.CN, shorten(commonName)).build();
  }

  private static String shorten(String text) {
    return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME);
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
  }
}
