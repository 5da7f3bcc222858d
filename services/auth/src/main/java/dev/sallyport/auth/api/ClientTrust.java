package dev.sallyport.auth.api;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.control.ControlException;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which client certificates finish the handshake: those of the cluster's users and parts, on
/// connections for our protocol. Refusals are audited, at most ten a second, so that strangers
/// can't fill the log.
final class ClientTrust extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(ClientTrust.class);
  private static final int AUDITED_PER_SECOND = 10;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final X509ExtendedTrustManager peers;
  private final AuditTrail audit;
  private final Object lock = new Object();
  private long windowStart = System.nanoTime();
  private int audited;

  ClientTrust(IdentityVerifier verifier, AuditTrail audit) {
    this.peers = PeerTrust.clients(verifier, EnumSet.allOf(SystemRole.class));
    this.audit = audit;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      if (!AuthServer.PROTOCOL.equals(engine.getHandshakeApplicationProtocol())) {
        throw new CertificateException("the client did not ask for " + AuthServer.PROTOCOL);
      }
      peers.checkClientTrusted(chain, type, engine);
    } catch (CertificateException e) {
      refused(String.valueOf(engine.getPeerHost()), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only checked with an engine");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("only checked with an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void refused(String address, String reason) {
    synchronized (lock) {
      var now = System.nanoTime();
      if (now - windowStart >= SECOND) {
        windowStart = now;
        audited = 0;
      }
      if (++audited > AUDITED_PER_SECOND) {
        return;
      }
    }
    try {
      audit.denied("unauthenticated", address, reason);
    } catch (ControlException e) {
      LOG.atError().setCause(e).log("a refusal could not be audited");
    }
  }
}
