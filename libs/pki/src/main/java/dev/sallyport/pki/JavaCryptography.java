package dev.sallyport.pki;

import java.security.Security;
import java.util.Set;

/// What a program does to Java's cryptography before it uses it, so that it starts sooner and holds
/// less. Nothing that is asked for later is answered by somebody else for it.
public final class JavaCryptography {
  private static final String PROVIDER = "security.provider.";
  private static final String FIRST = "SUN";

  /// Kerberos, SASL, XML signatures, smart cards and LDAP.
  private static final Set<String> UNUSED =
      Set.of("SunJGSS", "SunSASL", "XMLDSig", "SunPCSC", "JdkLDAP", "JdkSASL", "SunPKCS11");

  private JavaCryptography() {}

  /// Leaves out those of Java's providers that nothing here asks. Counts only before the first use
  /// of a provider.
  ///
  /// A name that the first providers do not know is looked for in all of them. Those that the
  /// runtime does not have are then looked for on the class path, where each provider found is set
  /// up for its name alone: BouncyCastle, with 600 classes and 2,800 services.
  public static void leaveOutUnused() {
    for (int i = 1; ; i++) {
      var provider = Security.getProperty(PROVIDER + i);
      if (provider == null) {
        return;
      }
      if (UNUSED.contains(provider.strip())) {
        // An empty entry would be told as an error. One that stands twice counts once.
        Security.setProperty(PROVIDER + i, FIRST);
      }
    }
  }

  /// Makes the tables of P-256 ready on a thread of its own, for whoever is about to sign or to
  /// shake hands: a tenth of a second in a program that has just started, beside its other work.
  public static void prepare() {
    Thread.ofPlatform().daemon().name("sallyport-p256").start(KeyPairs::generate);
  }
}
