package dev.sallyport.proxy.browser;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WebCertificate;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The keys and certificates of browsers' sessions, in this process's memory alone. A key is made
/// here, is never written or sent, and is certified for at most five minutes at a time by showing
/// Auth the session; a certificate that has less than a minute left is replaced by a new key and
/// certificate. Sessions are known by the hash of their secret.
///
/// Memory is bounded: beyond [#SESSIONS_MAX] the one unused for longest is forgotten, and costs a
/// new key at its next request. Safe from any thread.
final class WebSessions {
  /// How many sessions are remembered.
  static final int SESSIONS_MAX = 10_000;

  private static final Duration FRESH = Duration.ofMinutes(1);

  private final BrowserDesk desk;
  private final InstantSource clock;
  private final int sessionsMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);

  /// A session with the certificate of the moment.
  record Held(TlsIdentity identity, WebCertificate certificate) {}

  WebSessions(BrowserDesk desk, InstantSource clock) {
    this(desk, clock, SESSIONS_MAX);
  }

  WebSessions(BrowserDesk desk, InstantSource clock, int sessionsMax) {
    this.desk = desk;
    this.clock = clock;
    this.sessionsMax = sessionsMax;
  }

  /// The certificate of a session, a new one when that of before is about to end.
  ///
  /// @throws ControlException of kind ACCESS_DENIED when the session has ended
  Held use(Secret session, String clientAddress) {
    var key = key(session);
    return fresh(key).orElseGet(() -> renew(key, session, clientAddress));
  }

  /// Asks Auth about the session even if a certificate is at hand.
  Held renew(Secret session, String clientAddress) {
    return renew(key(session), session, clientAddress);
  }

  /// Forgets a session's key.
  void forget(Secret session) {
    lock.lock();
    try {
      held.remove(key(session));
    } finally {
      lock.unlock();
    }
  }

  /// How many are remembered now.
  int remembered() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Held> fresh(String key) {
    lock.lock();
    try {
      return Optional.ofNullable(held.get(key))
          .filter(one -> one.certificate().validUntil().isAfter(clock.instant().plus(FRESH)));
    } finally {
      lock.unlock();
    }
  }

  private Held renew(String key, Secret session, String clientAddress) {
    var keys = KeyPairs.generate();
    WebCertificate certificate;
    try {
      certificate =
          desk.webCertificate(
              new WebCertificateRequest(session, Pem.encode(keys.getPublic()), clientAddress));
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.ACCESS_DENIED) {
        forget(session);
      }
      throw e;
    }
    Held made;
    try {
      made =
          new Held(
              new TlsIdentity(
                  keys.getPrivate(), java.util.List.of(Pem.certificate(certificate.certificate()))),
              certificate);
    } catch (PemException e) {
      throw new ControlException(
          ErrorKind.INTERNAL, "the Auth Service sent what is no certificate", e);
    }
    lock.lock();
    try {
      held.put(key, made);
      if (held.size() > sessionsMax) {
        var eldest = held.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
    return made;
  }

  private static String key(Secret session) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(session.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
